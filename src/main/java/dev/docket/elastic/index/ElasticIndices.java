package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordJson;
import dev.docket.elastic.record.RecordKind;
import dev.docket.store.StoreUnavailable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates, indices and aliases. Installing may be done again, and by several servers at once;
 * of an index that is there it sets how it is refreshed and merged, and adds fields that a later
 * version has.
 */
public final class ElasticIndices {

  private static final Logger LOG = LoggerFactory.getLogger(ElasticIndices.class);

  private final ElasticHttp http;
  private final IndexSettings settings;
  private final IndexTemplates templates;

  public ElasticIndices(RestClient client, IndexSettings settings) {
    this.http = new ElasticHttp(client);
    this.settings = settings;
    this.templates = new IndexTemplates(settings.prefix());
  }

  /**
   * Makes what is missing, and looks whether what is there fits.
   *
   * @throws IncompatibleIndices if it does not: the server must not start
   * @throws StoreUnavailable if Elasticsearch cannot be reached
   */
  public void install() {
    template("/_component_template/", "component_template", "settings", templates.settings());
    for (RecordKind kind : RecordKind.values()) {
      String name = kind.plural();
      template("/_component_template/", "component_template", name, templates.mapping(kind));
      template("/_index_template/", "index_template", name, templates.index(kind));
      index(kind);
    }
  }

  private void template(String path, String word, String shortName, JsonNode ours) {
    String name = settings.prefix() + shortName;
    ElasticHttp.Reply reply = http.call("GET", path + name, null);
    if (reply.ok()) {
      int there = reply.json().path(word + "s").path(0).path(word).path("version").asInt();
      int own = ours.path("version").asInt();
      if (there > own) {
        throw new IncompatibleIndices(
            String.format(
                Locale.ROOT,
                "%s %s is of version %d, this server knows version %d: it is older than the one"
                    + " that installed it; run the newer one",
                word.replace('_', ' '),
                name,
                there,
                own));
      }
      if (there == own) {
        return;
      }
    } else if (reply.status() != 404) {
      throw failure("look at " + name, reply);
    }
    require("install " + name, http.call("PUT", path + name, ours));
    LOG.info("Installed {} {}", word.replace('_', ' '), name);
  }

  private void index(RecordKind kind) {
    Alias alias = settings.alias(kind);
    List<String> indices = indicesOf(alias);
    if (indices.isEmpty()) {
      create(kind);
      indices = indicesOf(alias);
    }
    if (indices.size() != 1) {
      throw new IncompatibleIndices(
          "alias " + alias + " must be on exactly one index, but is on " + indices);
    }
    check(indices.get(0), kind);
    if (!kind.small()) {
      setAsConfigured(indices.get(0));
    }
  }

  private void setAsConfigured(String index) {
    ElasticHttp.Reply set = http.call("GET", "/" + index + "/_settings", null);
    require("read the settings of " + index, set);
    JsonNode now = set.json().path(index).at("/settings/index");
    ObjectNode body = RecordJson.mapper().createObjectNode();
    settings
        .atEachStart()
        .forEach(
            (name, wanted) -> {
              if (!now.at("/" + name.replace('.', '/')).asText().equals(wanted)) {
                body.put("index." + name, wanted);
              }
            });
    if (!body.isEmpty()) {
      require("set " + body, http.call("PUT", "/" + index + "/_settings", body));
      LOG.info("Set for {}: {}", index, body);
    }
  }

  private List<String> indicesOf(Alias alias) {
    ElasticHttp.Reply reply = http.call("GET", "/_alias/" + alias, null);
    if (reply.status() == 404) {
      return List.of();
    }
    require("look at alias " + alias, reply);
    return reply.json().propertyStream().map(Map.Entry::getKey).toList();
  }

  private void create(RecordKind kind) {
    Alias alias = settings.alias(kind);
    if (http.call("HEAD", "/" + alias, null).ok()) {
      if (!indicesOf(alias).isEmpty()) {
        // Another server has made both since we looked.
        return;
      }
      throw new IncompatibleIndices(
          alias
              + " is an index, but must be an alias: something wrote to it before Docket made it;"
              + " move its records away and delete it");
    }
    ObjectNode body = RecordJson.mapper().createObjectNode();
    body.putObject("aliases").putObject(alias.value());
    ObjectNode set = body.putObject("settings");
    set.put("index.number_of_shards", kind.small() ? 1 : settings.shards());
    set.put("index.number_of_routing_shards", settings.routingShards());
    set.put("index.number_of_replicas", settings.replicas());
    if (!kind.small()) {
      settings.atEachStart().forEach((name, wanted) -> set.put("index." + name, wanted));
    }
    ElasticHttp.Reply reply = http.call("PUT", "/" + alias.firstIndex(), body);
    if (reply.ok()) {
      LOG.info("Created index {} with alias {}", alias.firstIndex(), alias);
      return;
    }
    if (!reply.errorType().equals("resource_already_exists_exception")) {
      throw failure("create index " + alias.firstIndex(), reply);
    }
    // Another server was faster, and made the alias with it. If not, somebody took the alias away.
    if (indicesOf(alias).isEmpty()) {
      throw new IncompatibleIndices(
          "index " + alias.firstIndex() + " is there, but its alias " + alias + " is not: add it");
    }
  }

  private void check(String index, RecordKind kind) {
    if (differences(index, kind).isEmpty()) {
      return;
    }
    // Fields that a later version added are added here; what is there is not changed by this.
    ObjectNode added = RecordJson.mapper().createObjectNode();
    added.set("properties", mappings(kind).path("properties"));
    if (http.call("PUT", "/" + index + "/_mapping", added).ok()) {
      LOG.info("Added to the mapping of {} what was missing", index);
    }
    List<String> differences = differences(index, kind);
    if (!differences.isEmpty()) {
      throw new IncompatibleIndices(
          "index " + index + " does not fit this server: " + String.join("; ", differences));
    }
  }

  private JsonNode mappings(RecordKind kind) {
    return templates.mapping(kind).path("template").path("mappings");
  }

  private List<String> differences(String index, RecordKind kind) {
    ElasticHttp.Reply mapping = http.call("GET", "/" + index + "/_mapping", null);
    require("read the mapping of " + index, mapping);
    ElasticHttp.Reply set = http.call("GET", "/" + index + "/_settings", null);
    require("read the settings of " + index, set);
    return MappingCheck.differences(
        mappings(kind),
        mapping.json().path(index).path("mappings"),
        set.json().path(index).path("settings"));
  }

  private static void require(String what, ElasticHttp.Reply reply) {
    if (!reply.ok()) {
      throw failure(what, reply);
    }
  }

  /** What Elasticsearch refuses stays refused; what it cannot do now may work later. */
  private static RuntimeException failure(String what, ElasticHttp.Reply reply) {
    String message = "cannot " + what + ": Elasticsearch answered " + reply.reason();
    return reply.status() == 429 || reply.status() >= 500
        ? new StoreUnavailable(message)
        : new IncompatibleIndices(message);
  }
}

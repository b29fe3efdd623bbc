package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordJson;
import dev.docket.elastic.record.RecordKind;
import dev.docket.store.StoreUnavailable;
import java.util.List;
import java.util.Map;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the templates, indices and aliases. Installation is idempotent, and several servers may
 * install concurrently. In an existing index it sets the refresh interval and the merge policy, and
 * adds the fields of a later version.
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
   * Creates missing templates and indices, and checks that the existing ones are compatible.
   *
   * @throws IncompatibleIndices if they are not: the server must not start
   * @throws StoreUnavailable if Elasticsearch is unreachable
   */
  public void install() {
    installTemplate(
        "/_component_template/", "component_template", "settings", templates.settings());
    for (RecordKind kind : RecordKind.values()) {
      String name = kind.plural();
      installTemplate("/_component_template/", "component_template", name, templates.mapping(kind));
      installTemplate("/_index_template/", "index_template", name, templates.index(kind));
      installIndex(kind);
    }
  }

  private void installTemplate(String path, String type, String shortName, JsonNode template) {
    String name = settings.prefix() + shortName;
    ElasticHttp.RawResponse response = http.call("GET", path + name, null);
    if (response.ok()) {
      int installed = response.json().path(type + "s").path(0).path(type).path("version").asInt();
      int supported = template.path("version").asInt();
      if (installed > supported) {
        throw new IncompatibleIndices(
            ("%s %s has version %s, but this server supports version %s: a newer release has"
                    + " installed it; run that release")
                .formatted(type.replace('_', ' '), name, installed, supported));
      }
      if (installed == supported) {
        return;
      }
    } else if (response.status() != 404) {
      throw failure("read template " + name, response);
    }
    require("install template " + name, http.call("PUT", path + name, template));
    LOG.info("Installed {} {}", type.replace('_', ' '), name);
  }

  private void installIndex(RecordKind kind) {
    Alias alias = settings.alias(kind);
    List<String> indices = indicesOf(alias);
    if (indices.isEmpty()) {
      create(kind);
      indices = indicesOf(alias);
    }
    if (indices.size() != 1) {
      throw new IncompatibleIndices(
          "alias " + alias + " must be on exactly one index (is on " + indices + ")");
    }
    check(indices.get(0), kind);
    if (!kind.small()) {
      updateSettings(indices.get(0));
    }
  }

  private void updateSettings(String index) {
    ElasticHttp.RawResponse response = http.call("GET", "/" + index + "/_settings", null);
    require("read the settings of " + index, response);
    JsonNode current = response.json().path(index).at("/settings/index");
    ObjectNode changes = RecordJson.mapper().createObjectNode();
    settings
        .dynamicSettings()
        .forEach(
            (name, value) -> {
              if (!current.at("/" + name.replace('.', '/')).asText().equals(value)) {
                changes.put("index." + name, value);
              }
            });
    if (!changes.isEmpty()) {
      require(
          "change the settings of " + index, http.call("PUT", "/" + index + "/_settings", changes));
      LOG.info("Changed the settings of index {}: {}", index, changes);
    }
  }

  private List<String> indicesOf(Alias alias) {
    ElasticHttp.RawResponse response = http.call("GET", "/_alias/" + alias, null);
    if (response.status() == 404) {
      return List.of();
    }
    require("read alias " + alias, response);
    return response.json().propertyStream().map(Map.Entry::getKey).toList();
  }

  private void create(RecordKind kind) {
    Alias alias = settings.alias(kind);
    if (http.call("HEAD", "/" + alias, null).ok()) {
      if (!indicesOf(alias).isEmpty()) {
        // Another server has created the index and the alias since the first check.
        return;
      }
      throw new IncompatibleIndices(
          alias
              + " is an index, but must be an alias: something wrote to it before Docket created"
              + " the alias; move its records away and delete the index");
    }
    ObjectNode body = RecordJson.mapper().createObjectNode();
    body.putObject("aliases").putObject(alias.value());
    ObjectNode indexSettings = body.putObject("settings");
    indexSettings.put("index.number_of_shards", kind.small() ? 1 : settings.shards());
    indexSettings.put("index.number_of_routing_shards", settings.routingShards());
    indexSettings.put("index.number_of_replicas", settings.replicas());
    if (!kind.small()) {
      settings
          .dynamicSettings()
          .forEach((name, value) -> indexSettings.put("index." + name, value));
    }
    ElasticHttp.RawResponse response = http.call("PUT", "/" + alias.firstIndex(), body);
    if (response.ok()) {
      LOG.info("Created index {} with alias {}", alias.firstIndex(), alias);
      return;
    }
    if (!response.errorType().equals("resource_already_exists_exception")) {
      throw failure("create index " + alias.firstIndex(), response);
    }
    // Another server has created the index together with the alias. If the alias is missing,
    // someone has removed it.
    if (indicesOf(alias).isEmpty()) {
      throw new IncompatibleIndices(
          "index %s exists, but its alias %s is missing; add the alias"
              .formatted(alias.firstIndex(), alias));
    }
  }

  private void check(String index, RecordKind kind) {
    if (differences(index, kind).isEmpty()) {
      return;
    }
    // This adds the fields of a later version and changes no existing field.
    ObjectNode added = RecordJson.mapper().createObjectNode();
    added.set("properties", mappings(kind).path("properties"));
    if (http.call("PUT", "/" + index + "/_mapping", added).ok()) {
      LOG.info("Added the missing fields to the mapping of index {}", index);
    }
    List<String> differences = differences(index, kind);
    if (!differences.isEmpty()) {
      throw new IncompatibleIndices(
          "index %s is incompatible with this server: %s"
              .formatted(index, String.join("; ", differences)));
    }
  }

  private JsonNode mappings(RecordKind kind) {
    return templates.mapping(kind).path("template").path("mappings");
  }

  private List<String> differences(String index, RecordKind kind) {
    ElasticHttp.RawResponse mapping = http.call("GET", "/" + index + "/_mapping", null);
    require("read the mapping of " + index, mapping);
    ElasticHttp.RawResponse current = http.call("GET", "/" + index + "/_settings", null);
    require("read the settings of " + index, current);
    return MappingCheck.differences(
        mappings(kind),
        mapping.json().path(index).path("mappings"),
        current.json().path(index).path("settings"));
  }

  private static void require(String operation, ElasticHttp.RawResponse response) {
    if (!response.ok()) {
      throw failure(operation, response);
    }
  }

  /** A retry can help only after 429 and 5xx. */
  private static RuntimeException failure(String operation, ElasticHttp.RawResponse response) {
    String message = "cannot " + operation + ": Elasticsearch responded with " + response.reason();
    return response.status() == 429 || response.status() >= 500
        ? new StoreUnavailable(message)
        : new IncompatibleIndices(message);
  }
}

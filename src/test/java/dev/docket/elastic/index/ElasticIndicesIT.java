package dev.docket.elastic.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.record.RecordJson;
import dev.docket.elastic.record.RecordKind;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticIndicesIT {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  private static ElasticClients clients;
  private static ElasticHttp http;
  private static int count;

  private IndexSettings settings;
  private ElasticIndices indices;
  private String prefix;

  @BeforeAll
  static void open() {
    clients = ElasticClients.open(ElasticSettings.of(backends.elasticsearch().address()));
    http = new ElasticHttp(clients.rest());
  }

  @AfterAll
  static void close() {
    clients.close();
  }

  @BeforeEach
  void aPrefixOfItsOwn() {
    prefix = backends.prefix() + "-indices" + count++ + "-";
    settings = new IndexSettings(prefix, 2, 4, 0);
    indices = new ElasticIndices(clients.rest(), settings);
  }

  private static JsonNode get(String path) {
    ElasticHttp.Reply reply = http.call("GET", path, null);
    assertThat(reply.ok()).as(reply.reason()).isTrue();
    return reply.json();
  }

  private static void send(String method, String path, String body) {
    try {
      ElasticHttp.Reply reply = http.call(method, path, RecordJson.mapper().readTree(body));
      assertThat(reply.ok()).as(reply.reason()).isTrue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void refused(String... words) {
    assertThatThrownBy(indices::install)
        .isInstanceOf(IncompatibleIndices.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void indicesAreMadeWithTheirAliasAndSettings() {
    indices.install();
    for (RecordKind kind : RecordKind.values()) {
      String index = prefix + kind.plural() + "-v1";
      assertThat(get("/_alias/" + prefix + kind.plural()).has(index)).isTrue();
      JsonNode set = get("/" + index + "/_settings").at("/" + index + "/settings/index");
      assertThat(set.path("refresh_interval").asText()).isEqualTo("1s");
      assertThat(set.at("/translog/durability").asText()).isEqualTo("request");
      assertThat(set.path("number_of_shards").asText()).isEqualTo(kind.small() ? "1" : "2");
      assertThat(
              get("/_cluster/state/metadata/" + index)
                  .at("/metadata/indices/" + index + "/routing_num_shards")
                  .asInt())
          .isEqualTo(4);
      assertThat(set.path("number_of_replicas").asText()).isEqualTo("0");
      assertThat(get("/" + index + "/_mapping").at("/" + index + "/mappings/dynamic").asText())
          .isEqualTo("strict");
    }
  }

  @Test
  void installingAgainChangesNothing() {
    indices.install();
    String before = get("/" + prefix + "*").toString();
    indices.install();
    assertThat(get("/" + prefix + "*").toString()).isEqualTo(before);
  }

  @Test
  void severalServersInstallAtOnce() {
    List<CompletableFuture<Void>> all =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> new ElasticIndices(clients.rest(), settings).install()))
            .toList();
    all.forEach(CompletableFuture::join);
    assertThat(get("/_alias/" + prefix + "*")).hasSize(RecordKind.values().length);
  }

  @Test
  void twoPrefixesDoNotDisturbEachOther() {
    indices.install();
    IndexSettings other = new IndexSettings(prefix + "other-", 1, 1, 0);
    new ElasticIndices(clients.rest(), other).install();
    indices.install();
    assertThat(get("/_alias/" + prefix + "*")).hasSize(2 * RecordKind.values().length);
  }

  @Test
  void anOlderTemplateIsReplaced() {
    indices.install();
    String name = prefix + "tasks";
    send("PUT", "/_index_template/" + name, template(name, 0));
    indices.install();
    assertThat(
            get("/_index_template/" + name).at("/index_templates/0/index_template/version").asInt())
        .isEqualTo(1);
  }

  @Test
  void aNewerTemplateIsNotOverwritten() {
    indices.install();
    String name = prefix + "tasks";
    send("PUT", "/_index_template/" + name, template(name, 2));
    refused("index template " + name, "version 2", "version 1", "newer");
    assertThat(
            get("/_index_template/" + name).at("/index_templates/0/index_template/version").asInt())
        .isEqualTo(2);
  }

  private static String template(String name, int version) {
    return "{\"index_patterns\":[\""
        + name
        + "-v*\"],\"priority\":500,\"version\":"
        + version
        + "}";
  }

  @Test
  void anAliasOnTwoIndicesIsRefused() {
    indices.install();
    send("PUT", "/" + prefix + "tasks-v2", "{\"aliases\":{\"" + prefix + "tasks\":{}}}");
    refused(prefix + "tasks", "exactly one", prefix + "tasks-v1", prefix + "tasks-v2");
  }

  @Test
  void anIndexWhereTheAliasShouldBeIsRefused() {
    send("PUT", "/" + prefix + "results", "{}");
    refused(prefix + "results is an index, but must be an alias");
  }

  @Test
  void anIndexWhoseAliasWasTakenAwayIsRefused() {
    indices.install();
    send(
        "POST",
        "/_aliases",
        "{\"actions\":[{\"remove\":{\"index\":\""
            + prefix
            + "tasks-v1\",\"alias\":\""
            + prefix
            + "tasks\"}}]}");
    refused(prefix + "tasks-v1 is there", prefix + "tasks is not");
  }

  @Test
  void anIndexThatDoesNotFitIsRefused() {
    ObjectNode mapping =
        new IndexTemplates(prefix)
            .mapping(RecordKind.TASKS)
            .path("template")
            .path("mappings")
            .deepCopy();
    ObjectNode fields = (ObjectNode) mapping.path("properties");
    fields.remove("outbox_due");
    ((ObjectNode) fields.path("state")).put("index", false);
    ((ObjectNode) fields.path("priority")).put("type", "long");
    ((ObjectNode) fields.path("args")).put("enabled", true);
    ((ObjectNode) fields.at("/document/properties/target/properties")).remove("type");
    ((ObjectNode) fields.at("/target/properties")).remove("type");
    mapping.put("dynamic", "true");
    ObjectNode body = RecordJson.mapper().createObjectNode();
    body.set("mappings", mapping);
    body.putObject("aliases").putObject(prefix + "tasks");
    send("PUT", "/" + prefix + "tasks-v1", body.toString());
    refused(
        "index " + prefix + "tasks-v1 does not fit",
        "dynamic",
        "field outbox_due is missing",
        "field state: index is false, must be true",
        "field priority: type is long, must be byte",
        "field args: enabled is true, must be false",
        "field document.target.type is missing",
        "durability",
        "refresh_interval");
  }

  @Test
  void settingsThatLoseWritesAreRefused() {
    indices.install();
    String path = "/" + prefix + "tasks-v1/_settings";
    send("PUT", path, "{\"index.translog.durability\":\"async\"}");
    refused("durability");
    send(
        "PUT",
        path,
        "{\"index.translog.durability\":\"request\",\"index.refresh_interval\":\"-1\"}");
    refused("refresh_interval");
    send("PUT", path, "{\"index.refresh_interval\":\"5s\",\"index.number_of_replicas\":1}");
    assertThatCode(indices::install).doesNotThrowAnyException();
  }

  @Test
  void refreshingAndMergingAreAsConfiguredAlsoWhereIndicesAreThere() {
    indices.install();
    assertThat(segments("tasks")).isEqualTo("10");
    new ElasticIndices(
            clients.rest(), new IndexSettings(prefix, 2, 4, 0, Duration.ofSeconds(30), 20))
        .install();
    assertThat(refreshInterval("tasks")).isEqualTo("30s");
    assertThat(segments("tasks")).isEqualTo("20");
    assertThat(refreshInterval("workers")).isEqualTo("1s");

    String another = prefix + "another-";
    new ElasticIndices(
            clients.rest(), new IndexSettings(another, 1, 1, 0, Duration.ofSeconds(20), 30))
        .install();
    assertThat(refreshInterval("another-documents")).isEqualTo("20s");
    assertThat(segments("another-documents")).isEqualTo("30");
  }

  private String refreshInterval(String name) {
    return setting(name, "refresh_interval");
  }

  private String segments(String name) {
    return setting(name, "merge/policy/segments_per_tier");
  }

  private String setting(String name, String path) {
    String index = prefix + name + "-v1";
    return get("/" + index + "/_settings").at("/" + index + "/settings/index/" + path).asText();
  }

  @Test
  void moreFieldsThanNeededDoNoHarm() {
    indices.install();
    send(
        "PUT",
        "/" + prefix + "tasks-v1/_mapping",
        "{\"properties\":{\"newer\":{\"type\":\"keyword\"}}}");
    assertThatCode(indices::install).doesNotThrowAnyException();
  }

  @Test
  void anIndexOfALaterMappingBehindTheAliasWillDoIfItFits() {
    indices.install();
    send("PUT", "/" + prefix + "tasks-v2", "{}");
    send(
        "POST",
        "/_aliases",
        "{\"actions\":[{\"remove\":{\"index\":\""
            + prefix
            + "tasks-v1\",\"alias\":\""
            + prefix
            + "tasks\"}},"
            + "{\"add\":{\"index\":\""
            + prefix
            + "tasks-v2\",\"alias\":\""
            + prefix
            + "tasks\"}}]}");
    assertThatCode(indices::install).doesNotThrowAnyException();
  }

  @Test
  void whereTheAliasIsMissingNothingIsWrittenAndNoIndexIsMade() {
    try (ElasticBackend elastic =
        new ElasticBackend(ElasticSettings.of(backends.elasticsearch().address()), settings)) {
      Task task = TaskSamples.task("ASR");
      assertThat(elastic.tasks().create(task).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Unknown.class);
      assertThat(http.call("HEAD", "/" + prefix + "tasks", null).status()).isEqualTo(404);
    }
  }

  @Test
  void aClosedIndexIsNobodysFault() {
    indices.install();
    assertThat(http.call("POST", "/" + prefix + "tasks-v1/_close", null).ok()).isTrue();
    try (ElasticBackend elastic =
        new ElasticBackend(ElasticSettings.of(backends.elasticsearch().address()), settings)) {
      assertThat(elastic.tasks().create(TaskSamples.task("ASR")).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Unknown.class);
    }
  }

  @Test
  void aStoreThatGoesAwayMeanwhileIsWaitedForAgain() {
    AtomicBoolean gone = new AtomicBoolean();
    FakeElasticsearch.Answers once =
        call ->
            call.method().equals("PUT") && gone.compareAndSet(false, true)
                ? FakeElasticsearch.Answer.NONE
                : forwarded(call);
    try (FakeElasticsearch between = FakeElasticsearch.start(once);
        ElasticBackend elastic = new ElasticBackend(ElasticSettings.of(between.uri()), settings)) {
      elastic.install(Duration.ofSeconds(30));
      assertThat(gone).isTrue();
      assertThat(elastic.healthError()).isEmpty();
    }
  }

  private static FakeElasticsearch.Answer forwarded(FakeElasticsearch.Call call)
      throws IOException {
    String query = call.query() == null ? "" : "?" + call.query();
    JsonNode body = call.body().isEmpty() ? null : RecordJson.mapper().readTree(call.body());
    ElasticHttp.Reply reply = http.call(call.method(), call.path() + query, body);
    return new FakeElasticsearch.Answer(
        reply.status(), new String(reply.body(), StandardCharsets.UTF_8));
  }
}

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
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.elasticsearch.client.Request;
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
  void setUp() {
    prefix = backends.prefix() + "-indices" + count++ + "-";
    settings = new IndexSettings(prefix, 2, 4, 0);
    indices = new ElasticIndices(clients.rest(), settings);
  }

  private static JsonNode get(String path) {
    ElasticHttp.RawResponse response = http.call("GET", path, null);
    assertThat(response.ok()).as(response.reason()).isTrue();
    return response.json();
  }

  private static void send(String method, String path, String body) {
    try {
      ElasticHttp.RawResponse response =
          http.call(method, path, RecordJson.mapper().readTree(body));
      assertThat(response.ok()).as(response.reason()).isTrue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertInstallFails(String... messageParts) {
    assertThatThrownBy(indices::install)
        .isInstanceOf(IncompatibleIndices.class)
        .hasMessageContainingAll(messageParts);
  }

  @Test
  void createsIndicesWithAliasesAndSettings() {
    indices.install();
    for (RecordKind kind : RecordKind.values()) {
      String index = prefix + kind.plural() + "-v1";
      assertThat(get("/_alias/" + prefix + kind.plural()).has(index)).isTrue();
      JsonNode actual = get("/" + index + "/_settings").at("/" + index + "/settings/index");
      assertThat(actual.path("refresh_interval").asText()).isEqualTo("1s");
      assertThat(actual.at("/translog/durability").asText()).isEqualTo("request");
      assertThat(actual.path("number_of_shards").asText()).isEqualTo(kind.small() ? "1" : "2");
      assertThat(
              get("/_cluster/state/metadata/" + index)
                  .at("/metadata/indices/" + index + "/routing_num_shards")
                  .asInt())
          .isEqualTo(4);
      assertThat(actual.path("number_of_replicas").asText()).isEqualTo("0");
      assertThat(get("/" + index + "/_mapping").at("/" + index + "/mappings/dynamic").asText())
          .isEqualTo("strict");
    }
  }

  @Test
  void installationIsIdempotent() {
    indices.install();
    String before = get("/" + prefix + "*").toString();
    indices.install();
    assertThat(get("/" + prefix + "*").toString()).isEqualTo(before);
  }

  @Test
  void severalServersInstallConcurrently() {
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
  void prefixesAreIndependent() {
    indices.install();
    IndexSettings other = new IndexSettings(prefix + "other-", 1, 1, 0);
    new ElasticIndices(clients.rest(), other).install();
    indices.install();
    assertThat(get("/_alias/" + prefix + "*")).hasSize(2 * RecordKind.values().length);
  }

  @Test
  void replacesOlderTemplate() {
    indices.install();
    String name = prefix + "tasks";
    send("PUT", "/_index_template/" + name, template(name, 0));
    indices.install();
    assertThat(
            get("/_index_template/" + name).at("/index_templates/0/index_template/version").asInt())
        .isEqualTo(1);
  }

  @Test
  void rejectsNewerTemplate() {
    indices.install();
    String name = prefix + "tasks";
    send("PUT", "/_index_template/" + name, template(name, 2));
    assertInstallFails("index template " + name, "version 2", "version 1", "newer");
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
  void rejectsAliasOnTwoIndices() {
    indices.install();
    send("PUT", "/" + prefix + "tasks-v2", "{\"aliases\":{\"" + prefix + "tasks\":{}}}");
    assertInstallFails(prefix + "tasks", "exactly one", prefix + "tasks-v1", prefix + "tasks-v2");
  }

  @Test
  void rejectsIndexInPlaceOfAlias() {
    send("PUT", "/" + prefix + "results", "{}");
    assertInstallFails(prefix + "results is an index, but must be an alias");
  }

  @Test
  void rejectsIndexWithoutAlias() {
    indices.install();
    send(
        "POST",
        "/_aliases",
        "{\"actions\":[{\"remove\":{\"index\":\""
            + prefix
            + "tasks-v1\",\"alias\":\""
            + prefix
            + "tasks\"}}]}");
    assertInstallFails(prefix + "tasks-v1 exists", prefix + "tasks is missing");
  }

  @Test
  void rejectsIncompatibleIndexAndNamesAllDifferences() {
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
    assertInstallFails(
        "index " + prefix + "tasks-v1 is incompatible",
        "dynamic",
        "field outbox_due is missing",
        "field state: index must be true (is false)",
        "field priority: type must be byte (is long)",
        "field args: enabled must be false (is true)",
        "field document.target.type is missing",
        "durability",
        "refresh_interval");
  }

  @Test
  void rejectsSettingsThatLoseOrHideWrites() {
    indices.install();
    String path = "/" + prefix + "tasks-v1/_settings";
    send("PUT", path, "{\"index.translog.durability\":\"async\"}");
    assertInstallFails("durability");
    send(
        "PUT",
        path,
        "{\"index.translog.durability\":\"request\",\"index.refresh_interval\":\"-1\"}");
    assertInstallFails("refresh_interval");
    send("PUT", path, "{\"index.refresh_interval\":\"5s\",\"index.number_of_replicas\":1}");
    assertThatCode(indices::install).doesNotThrowAnyException();
  }

  @Test
  void setsRefreshIntervalAndMergePolicyOfNewAndExistingIndices() {
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
  void acceptsAdditionalFields() {
    indices.install();
    send(
        "PUT",
        "/" + prefix + "tasks-v1/_mapping",
        "{\"properties\":{\"newer\":{\"type\":\"keyword\"}}}");
    assertThatCode(indices::install).doesNotThrowAnyException();
  }

  @Test
  void acceptsCompatibleLaterIndexBehindAlias() {
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
  void writeWithoutAliasStoresNothingAndCreatesNoIndex() {
    try (ElasticBackend elastic =
        new ElasticBackend(ElasticSettings.of(backends.elasticsearch().address()), settings)) {
      Task task = TaskSamples.task("ASR");
      assertThat(elastic.tasks().create(task).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Unknown.class);
      assertThat(http.call("HEAD", "/" + prefix + "tasks", null).status()).isEqualTo(404);
    }
  }

  @Test
  void writeToClosedIndexHasUnknownOutcome() {
    indices.install();
    assertThat(http.call("POST", "/" + prefix + "tasks-v1/_close", null).ok()).isTrue();
    try (ElasticBackend elastic =
        new ElasticBackend(ElasticSettings.of(backends.elasticsearch().address()), settings)) {
      assertThat(elastic.tasks().create(TaskSamples.task("ASR")).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Unknown.class);
    }
  }

  @Test
  void installationStartsAgainAfterConnectionLoss() {
    AtomicBoolean failed = new AtomicBoolean();
    FakeElasticsearch.Responder failingOnce =
        call ->
            call.method().equals("PUT") && failed.compareAndSet(false, true)
                ? FakeElasticsearch.CannedResponse.NONE
                : forward(call);
    try (FakeElasticsearch proxy = FakeElasticsearch.start(failingOnce);
        ElasticBackend elastic = new ElasticBackend(ElasticSettings.of(proxy.uri()), settings)) {
      elastic.install(Duration.ofSeconds(30));
      assertThat(failed).isTrue();
      assertThat(elastic.healthError()).isEmpty();
    }
  }

  private static FakeElasticsearch.CannedResponse forward(FakeElasticsearch.Call call) {
    String query = call.query() == null ? "" : "?" + call.query();
    Request request = new Request(call.method(), call.path() + query);
    if (!call.body().isEmpty()) {
      request.setEntity(new StringEntity(call.body(), ContentType.APPLICATION_JSON));
    }
    ElasticHttp.RawResponse response = http.send(request).toCompletableFuture().join();
    return new FakeElasticsearch.CannedResponse(
        response.status(), new String(response.body(), StandardCharsets.UTF_8));
  }
}

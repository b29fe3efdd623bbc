package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.dialect.dane.importing.DaneSampleData;
import dev.docket.dialect.dane.importing.ImportReport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code import-dane} in a process of its own, which is killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImportDaneKilledIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final int COUNT = 1_200;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path dir;

  private DaneElasticsearch dane;

  @BeforeAll
  void startDane() throws Exception {
    dane = new DaneElasticsearch(dir.resolve("dane"));
    dane.store(DaneSampleData.many(0, COUNT));
  }

  @AfterAll
  void stopDane() {
    if (dane != null) {
      dane.close();
    }
  }

  /** While the results of the second page are read, then those of the last one. */
  @ParameterizedTest
  @ValueSource(ints = {40, 70})
  void repeatedImportCompletesKilledOne(int request) throws Exception {
    String prefix = BACKENDS.prefix() + "k" + request + "-";
    String yaml = config(prefix);
    try (HoldingProxy proxy = new HoldingProxy(dane.address(), request)) {
      Process process = start(yaml, proxy.address().toString(), "killed" + request);
      try {
        proxy.awaitHeld();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(ids(prefix, "results", "{\"match_all\":{}}")).isNotEmpty();
    Set<String> documents = ids(prefix, "documents", "{\"match_all\":{}}");
    assertThat(documents).hasSizeLessThan(COUNT);
    assertThat(documentsOfDueTasks(prefix)).isNotEmpty().isSubsetOf(documents);

    ImportReport report = dane.importInto(yaml);

    assertThat(report.text()).doesNotContain("Not imported");
    for (String kind : List.of("documents", "tasks", "results")) {
      assertThat(ids(prefix, kind, "{\"match_all\":{}}")).as(kind).hasSize(COUNT);
    }
    assertThat(documentsOfDueTasks(prefix)).hasSize(COUNT / 50);
    assertThat(ids(prefix, "tasks", "{\"range\":{\"due_at\":{\"gte\":\"9000-01-01T00:00:00Z\"}}}"))
        .as("tasks that are still held")
        .isEmpty();
  }

  @Test
  void commandReportsAndReturnsStatus() throws Exception {
    Process imported =
        start(config(BACKENDS.prefix() + "c-"), dane.address().toString(), "complete");
    assertThat(imported.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(imported.exitValue()).isZero();
    assertThat(Files.readString(dir.resolve("complete.out")))
        .contains("documents       1,200      1,200          0             0");
    assertThat(Files.readString(dir.resolve("complete.err"))).contains("of 1,200 documents, ");

    Process failed =
        start(config(BACKENDS.prefix() + "f-"), dane.address() + "/no-such-path", "failed");
    assertThat(failed.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(failed.exitValue()).isEqualTo(1);
    assertThat(Files.readString(dir.resolve("failed.err")))
        .contains("import-dane failed: DANE's Elasticsearch at ")
        .doesNotContain("\tat ");
  }

  private static String config(String prefix) {
    return TestServer.config(
        BACKENDS.backends().elasticsearch(), BACKENDS.backends().amqp(), prefix, "");
  }

  private static Process start(String yaml, String from, String name) throws Exception {
    Path config = Files.writeString(dir.resolve(name + ".yml"), yaml);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            DocketApplication.class.getName(),
            "import-dane",
            "--from",
            from,
            "--index",
            DaneElasticsearch.INDEX,
            "--time-zone",
            "Europe/Amsterdam",
            config.toString())
        .redirectOutput(dir.resolve(name + ".out").toFile())
        .redirectError(dir.resolve(name + ".err").toFile())
        .start();
  }

  /** The documents of the tasks that a server would send now. */
  private static Set<String> documentsOfDueTasks(String prefix) throws Exception {
    Set<String> documents = new HashSet<>();
    search(prefix, "tasks", "{\"range\":{\"outbox_due\":{\"lte\":\"now\"}}}")
        .forEach(hit -> documents.add(hit.at("/_source/document_id").asText()));
    return documents;
  }

  private static Set<String> ids(String prefix, String kind, String query) throws Exception {
    Set<String> ids = new HashSet<>();
    search(prefix, kind, query).forEach(hit -> ids.add(hit.path("_id").asText()));
    return ids;
  }

  private static JsonNode search(String prefix, String kind, String query) throws Exception {
    call(prefix + kind + "/_refresh", "");
    return JSON.readTree(
            call(prefix + kind + "/_search", "{\"size\":10000,\"query\":" + query + "}"))
        .at("/hits/hits");
  }

  private static String call(String path, String body) throws Exception {
    URI uri = URI.create(BACKENDS.backends().elasticsearch() + "/" + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}

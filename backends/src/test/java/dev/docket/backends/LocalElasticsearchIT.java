package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LocalElasticsearchIT {

  @Test
  void keepsDataAfterStopAndKill() throws Exception {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it")) {
      ElasticsearchSettings settings = ElasticsearchSettings.in(dir.path()).withQuickStart();
      try (LocalElasticsearch elasticsearch = LocalElasticsearch.start(settings)) {
        URI address = elasticsearch.address();
        assertThat(put(address, "/notes/_doc/1", "{\"text\":\"kept\"}")).isEqualTo(201);

        elasticsearch.stop();
        assertThat(elasticsearch.isRunning()).isFalse();
        elasticsearch.startAgain();

        assertThat(elasticsearch.address()).isEqualTo(address);
        assertThat(put(address, "/notes/_doc/2", "{\"text\":\"kept\"}")).isEqualTo(201);
        List<ProcessHandle> processes = elasticsearch.processes();
        elasticsearch.kill();
        ChildProcessTest.awaitGone(processes);
      }

      try (LocalElasticsearch later = LocalElasticsearch.start(settings)) {
        assertThat(get(later.address(), "/notes/_doc/1").body()).contains("kept");
        assertThat(get(later.address(), "/notes/_doc/2").body()).contains("kept");
        assertThatThrownBy(() -> LocalElasticsearch.start(settings))
            .as("second Elasticsearch in the same directory")
            .isInstanceOf(BackendStartException.class)
            .hasMessageContaining("lock");

        assertDeletesOnlyMatchingNames(later);
      }
    }
  }

  @Test
  void startsReleaseOfDaneWithJoinFields() throws Exception {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it");
        LocalElasticsearch elasticsearch =
            LocalElasticsearch.start(ElasticsearchSettings.daneIn(dir.path()).withQuickStart())) {
      String mapping =
          "{\"mappings\":{\"properties\":"
              + "{\"role\":{\"type\":\"join\",\"relations\":{\"parent\":\"child\"}}}}}";

      assertThat(get(elasticsearch.address(), "/").body()).contains("\"7.17.");
      assertThat(put(elasticsearch.address(), "/joined", mapping)).isEqualTo(200);
    }
  }

  private static void assertDeletesOnlyMatchingNames(LocalElasticsearch elasticsearch)
      throws Exception {
    URI address = elasticsearch.address();
    put(address, "/_component_template/gone-part", "{\"template\":{}}");
    put(
        address,
        "/_index_template/gone-template",
        "{\"index_patterns\":[\"gone-*\"],\"composed_of\":[\"gone-part\"]}");
    put(address, "/gone-1", "{\"aliases\":{\"gone\":{}}}");
    put(address, "/notes/_alias/gone-notes", "{}");

    elasticsearch.deleteAll("gone");

    assertThat(get(address, "/_cat/indices?h=index").body().strip()).isEqualTo("notes");
    assertThat(get(address, "/_cat/aliases?h=alias").body().strip()).isEmpty();
    assertThat(get(address, "/_index_template/gone-template").statusCode()).isEqualTo(404);
    assertThat(get(address, "/_component_template/gone-part").statusCode()).isEqualTo(404);
  }

  @Test
  void failedStartQuotesLog() {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it")) {
      ElasticsearchSettings settings =
          ElasticsearchSettings.in(dir.path()).withQuickStart().with("no.such.setting", "1");

      assertThatThrownBy(() -> LocalElasticsearch.start(settings))
          .isInstanceOf(BackendStartException.class)
          .hasMessageContainingAll("unknown setting [no.such.setting]", "console.log");
    }
  }

  @Test
  void endsWithKilledParent() throws Exception {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it");
        OtherJvm jvm = OtherJvm.start("elasticsearch", dir.path())) {
      List<ProcessHandle> processes = jvm.processes();
      assertThat(processes).hasSizeGreaterThanOrEqualTo(4).allMatch(ProcessHandle::isAlive);

      jvm.kill();

      ChildProcessTest.awaitGone(processes);
    }
  }

  private static int put(URI address, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
  }

  private static HttpResponse<String> get(URI address, String path) throws IOException {
    return Http.send("GET", address.resolve(path));
  }
}

package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Prometheus of Debian as a child process, which scrapes and evaluates twice a second. */
final class Prometheus implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Path rules;
  private final int port = ServerProcess.freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  /**
   * Creates a process that is not started.
   *
   * @param directory for its data
   * @param rules the rule file
   */
  Prometheus(Path directory, Path rules) {
    this.directory = directory;
    this.rules = rules;
  }

  /**
   * Starts it, without waiting until it is ready.
   *
   * @param servers the admin ports
   */
  void start(URI... servers) throws IOException {
    String targets =
        Stream.of(servers)
            .map(server -> '"' + server.getAuthority() + '"')
            .collect(Collectors.joining(", "));
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 500ms, evaluation_interval: 500ms}
            rule_files: ["%s"]
            scrape_configs: [{job_name: docket, static_configs: [{targets: [%s]}]}]
            """
                .formatted(rules, targets));
    process =
        new ProcessBuilder(
                "/usr/bin/prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
  }

  private JsonNode get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path)).build();
    try {
      assertThat(process.isAlive()).isTrue();
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      JsonNode answer = JSON.readTree(body);
      assertThat(answer.path("status").asText()).as(body).isEqualTo("success");
      return answer.path("data");
    } catch (IOException e) {
      throw new AssertionError("Prometheus does not respond", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The series that a query returns now. */
  JsonNode query(String query) {
    return get("query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).path("result");
  }

  /** All alerts that are pending or firing. */
  JsonNode alerts() {
    return get("alerts").path("alerts");
  }

  /** What prevents rules from being evaluated; also says so if none was. */
  List<String> ruleErrors() {
    List<String> errors = new ArrayList<>();
    for (JsonNode group : get("rules").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        if (!rule.path("health").asText().equals("ok")) {
          errors.add(rule.path("name").asText() + ": " + rule.path("lastError").asText());
        }
      }
    }
    return errors;
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A worker of DANE saves results while servers restart. Its client gives up at once. */
final class DaneRestartIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Path ROOT = Path.of(System.getProperty("docket.root"));

  /** Larger than HAProxy's buffer in some requests only, and stored in several ways. */
  private static final int[] PAYLOAD_BYTES = {100, 9_000, 300_000};

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  @TempDir Path directory;

  private Path config(String name, String port, int storePort, String store) throws Exception {
    String yaml =
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix() + name,
                "dane: {store: {enabled: true, port: " + storePort + store + "}}")
            .replace("tasks: {", "tasks: {protocol: dane, ")
            .replace("{type: http, port: 0, max", "{type: http, port: \"" + port + "\", max");
    return Files.writeString(directory.resolve(name + storePort + ".yml"), yaml);
  }

  private static List<String> command(Path config) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-jar",
        ROOT.resolve("src/target/docket-server.jar").toString(),
        "server",
        config.toString());
  }

  private PythonWorker worker(String name, int storePort) throws Exception {
    return PythonWorker.start(
        "dane_worker.py",
        BACKENDS.backends().amqp().toString(),
        BACKENDS.prefix() + name + "DANE-exchange",
        BACKENDS.prefix() + name + "SAVES",
        "SAVES",
        "http://127.0.0.1:" + storePort);
  }

  private static String registered(HttpApi api, String path, Object body) throws Exception {
    JsonNode made = JSON.readTree(api.post(path, JSON.writeValueAsString(body)));
    assertThat(made.path("_id").asText()).as("%s", made).isNotEmpty();
    return made.path("_id").asText();
  }

  /** Assigns tasks whose worker saves results of all sizes. */
  private static List<String> assign(HttpApi api, int from, int count) throws Exception {
    List<String> tasks = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      String document =
          registered(
              api,
              "/DANE/document/",
              Map.of(
                  "target", Map.of("id", "film " + i, "url", "http://localhost/f", "type", "Video"),
                  "creator", Map.of("id", "archive", "type", "Human")));
      Map<String, Object> args = Map.of("results", 2, "bytes", PAYLOAD_BYTES[i % 3]);
      tasks.add(
          registered(
              api,
              "/DANE/task/",
              Map.of("document_id", document, "task", Map.of("key", "SAVES", "args", args))));
    }
    return tasks;
  }

  /** Whether all tasks have succeeded with both results. */
  private static void awaitResults(HttpApi api, List<String> tasks, PythonWorker worker) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(worker.events("failed")).isEmpty();
              assertThat(worker.events("answered")).hasSize(tasks.size());
            });
    for (String task : tasks) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(JSON.readTree(api.get("/task/" + task + "/results")))
                      .as("results of %s", task)
                      .hasSize(2));
    }
  }

  private static void restart(PythonWorker holder, boolean gracefully) {
    List<JsonNode> starts = holder.events("started");
    ProcessHandle running =
        ProcessHandle.of(starts.get(starts.size() - 1).path("pid").asLong()).orElseThrow();
    if (gracefully) {
      running.destroy();
    } else {
      running.destroyForcibly();
    }
    await().atMost(TIMEOUT).until(() -> holder.events("started").size() > starts.size());
  }

  @Test
  void workerSavesWhileOnlyServerRestartsBehindSocketUnit() throws Exception {
    int port = ServerProcess.freePort();
    int storePort = ServerProcess.freePort();
    HttpApi api = new HttpApi(URI.create("http://127.0.0.1:" + port));
    List<String> arguments =
        new ArrayList<>(
            List.of(String.valueOf(storePort), directory.resolve("server.log").toString()));
    arguments.addAll(command(config("unit-", String.valueOf(port), 0, ", inheritSocket: true")));
    try (PythonWorker holder =
        PythonWorker.launch(
            "socket_unit.py", ProcessBuilder.Redirect.INHERIT, arguments.toArray(String[]::new))) {
      await().atMost(TIMEOUT).until(() -> api.isReady());
      try (PythonWorker worker = worker("unit-", storePort)) {
        List<String> tasks = assign(api, 0, 30);
        for (boolean gracefully : new boolean[] {true, false}) {
          int saved = worker.events("saved").size();
          tasks.addAll(assign(api, tasks.size(), 15));
          await().atMost(TIMEOUT).until(() -> worker.events("saved").size() > saved + 5);
          restart(holder, gracefully);
          await().atMost(TIMEOUT).until(() -> api.isReady());
          tasks.addAll(assign(api, tasks.size(), 15));
        }
        awaitResults(api, tasks, worker);
      }
    }
    assertThat(Files.readString(directory.resolve("server.log")))
        .as("the server logs until its end, although it shares the socket")
        .contains("Stopped");
  }

  @Test
  void workerSavesWhileOneOfTwoServersRestartsBehindBalancer() throws Exception {
    int storePort = ServerProcess.freePort();
    int[] storePorts = {ServerProcess.freePort(), ServerProcess.freePort()};
    try (ServerProcess first = server("balanced-", storePorts[0]);
        ServerProcess second = server("balanced-", storePorts[1]);
        Balancer balancer = new Balancer(directory, storePort, storePorts)) {
      awaitReady(first);
      awaitReady(second);
      HttpApi api = new HttpApi(second.uri());
      assertThat(balancer.process().isAlive()).isTrue();
      try (PythonWorker worker = worker("balanced-", storePort)) {
        List<String> tasks = assign(api, 0, 30);
        for (boolean gracefully : new boolean[] {true, false}) {
          int saved = worker.events("saved").size();
          tasks.addAll(assign(api, tasks.size(), 15));
          await().atMost(TIMEOUT).until(() -> worker.events("saved").size() > saved + 5);
          stop(first, gracefully);
          tasks.addAll(assign(api, tasks.size(), 15));
          first.start();
          awaitReady(first);
        }
        awaitResults(api, tasks, worker);
      }
    }
  }

  private ServerProcess server(String name, int storePort) throws Exception {
    Path own = Files.createDirectory(directory.resolve("server-" + storePort));
    ServerProcess server =
        new ServerProcess(own, config(name, "${DOCKET_PORT}", storePort, ""), Map.of());
    server.start();
    return server;
  }

  private static void awaitReady(ServerProcess server) {
    await().atMost(TIMEOUT).until(() -> server.respondsWith("/ready", 200));
  }

  private static void stop(ServerProcess server, boolean gracefully) throws Exception {
    if (gracefully) {
      server.terminate();
    } else {
      server.kill();
    }
    assertThat(server.awaitExit(60)).isNotNegative();
  }

  /** HAProxy with the configuration of the documentation. */
  private record Balancer(Process process) implements AutoCloseable {
    Balancer(Path directory, int port, int[] servers) throws Exception {
      this(start(directory, port, servers));
    }

    private static Process start(Path directory, int port, int[] servers) throws Exception {
      ProcessBuilder builder =
          new ProcessBuilder(
              "/usr/sbin/haproxy",
              "-db",
              "-f",
              ROOT.resolve("docs/haproxy-dane-store.cfg").toString());
      builder.environment().put("DANE_STORE", "127.0.0.1:" + port);
      builder.environment().put("DOCKET_1", "127.0.0.1:" + servers[0]);
      builder.environment().put("DOCKET_2", "127.0.0.1:" + servers[1]);
      return builder
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("haproxy.log").toFile())
          .start();
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }
}

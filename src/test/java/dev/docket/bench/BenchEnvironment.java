package dev.docket.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.LocalRabbitMq;
import dev.docket.metrics.PrometheusScrape;
import dev.docket.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts Elasticsearch, RabbitMQ, and servers with the shipped configuration. */
final class BenchEnvironment implements AutoCloseable {

  static final String SERVER_HEAP = "-Xmx512m";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Options options;
  private final Path config;
  private final LocalElasticsearch elasticsearch;
  private final LocalRabbitMq broker;
  private final List<ServerProcess> servers = new ArrayList<>();
  private int started;

  BenchEnvironment(Path directory, Path config, Options options) throws IOException {
    this.directory = directory;
    this.config = config;
    this.options = options;
    this.elasticsearch =
        LocalElasticsearch.start(
            ElasticsearchSettings.in(Files.createDirectories(directory.resolve("elasticsearch")))
                .withHeap("1g"));
    this.broker = LocalRabbitMq.start(Files.createDirectories(directory.resolve("rabbitmq")));
  }

  /** Deletes all records and queues, and starts one server. */
  void reset() throws Exception {
    stopServers();
    elasticsearch.deleteAll("docket-");
    broker.deleteAll("docket");
    startServer();
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @return the seconds until it was ready
   */
  double startServer() throws Exception {
    Path workDirectory = Files.createDirectories(directory.resolve("server-" + ++started));
    List<String> jvm = new ArrayList<>(List.of(SERVER_HEAP, "-XX:+UseSerialGC"));
    if (options.profile() != null) {
      Files.createDirectories(options.profile());
      jvm.add(
          "-XX:StartFlightRecording:settings=profile,dumponexit=true,filename="
              + options.profile().resolve("server-" + started + ".jfr"));
    }
    ServerProcess server =
        new ServerProcess(
            workDirectory,
            config,
            Map.of(
                "DOCKET_ELASTICSEARCH_URL", elasticsearch.address().toString(),
                "DOCKET_BROKER_URI", broker.amqp().toString(),
                "DOCKET_BROKER_MANAGEMENT", broker.management().toString()),
            jvm);
    servers.add(server);
    long start = System.nanoTime();
    server.start();
    while (!server.respondsWith("/ready", 200)) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60) || !server.process().isAlive()) {
        throw new IllegalStateException(
            "the server has exited or is not ready after 60 s; its log is in " + workDirectory);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Stops all servers except for the first. */
  void stopAllButFirst() {
    while (servers.size() > 1) {
      servers.remove(servers.size() - 1).close();
    }
  }

  private void stopServers() {
    servers.forEach(ServerProcess::close);
    servers.clear();
  }

  BenchWorkerProcess worker(int threads, boolean amqp) throws IOException {
    return worker(server(), threads, amqp);
  }

  BenchWorkerProcess worker(URI server, int threads, boolean amqp) throws IOException {
    return new BenchWorkerProcess(
        directory, server.toString(), threads, amqp ? broker.amqp().toString() : null);
  }

  /** The URI of the first server. */
  URI server() {
    return servers.get(0).uri();
  }

  List<URI> serverUris() {
    return servers.stream().map(ServerProcess::uri).toList();
  }

  URI elasticsearch() {
    return elasticsearch.address();
  }

  URI broker() {
    return broker.amqp();
  }

  long serverPid() {
    return servers.get(0).process().pid();
  }

  /** What each program has used since its start. */
  Map<String, ProcessUsage> usage(BenchWorkerProcess worker) {
    Map<String, ProcessUsage> usage = new LinkedHashMap<>();
    usage.put(
        "server", ProcessUsage.of(servers.stream().map(s -> s.process().toHandle()).toList()));
    usage.put("Elasticsearch", ProcessUsage.of(elasticsearch.processes()));
    usage.put("RabbitMQ", ProcessUsage.of(broker.processes()));
    usage.put("worker", ProcessUsage.of(ProcessHandle.of(worker.pid()).stream().toList()));
    return usage;
  }

  /** The sum of a metric over all servers. */
  double metric(String name) throws IOException {
    double sum = 0;
    for (ServerProcess server : servers) {
      try (RawHttpConnection connection = new RawHttpConnection(server.adminUri())) {
        sum +=
            new PrometheusScrape(connection.get("/metrics").expect(200).text())
                .all(name).values().stream().mapToDouble(Double::doubleValue).sum();
      }
    }
    return sum;
  }

  /** Sends a GET request to the first server. */
  JsonNode get(String path) throws IOException {
    try (RawHttpConnection connection = new RawHttpConnection(server())) {
      return JSON.readTree(connection.get(path).expect(200).body());
    }
  }

  /** Sends a request to Elasticsearch. */
  JsonNode elasticsearch(String method, String path, String body) throws IOException {
    try (RawHttpConnection connection = new RawHttpConnection(elasticsearch())) {
      return JSON.readTree(
          connection
              .send(
                  method,
                  path,
                  "application/json",
                  body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .expect(200, 201)
              .body());
    }
  }

  /** The mean disk space of a record of an index, in kilobytes. */
  double kilobytes(String index) throws IOException {
    elasticsearch("POST", "/" + index + "/_refresh", "");
    JsonNode totals =
        elasticsearch("GET", "/" + index + "/_stats/store,docs", "").at("/_all/primaries");
    return totals.at("/store/size_in_bytes").asDouble()
        / 1_000
        / totals.at("/docs/count").asDouble();
  }

  @Override
  public void close() {
    stopServers();
    broker.close();
    elasticsearch.close();
  }
}

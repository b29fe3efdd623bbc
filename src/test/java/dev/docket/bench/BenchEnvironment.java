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

/** Elasticsearch, RabbitMQ and servers of its own, with the configuration that is shipped. */
final class BenchEnvironment implements AutoCloseable {

  static final String SERVER_HEAP = "-Xmx512m";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Options options;
  private final Path config;
  private final LocalElasticsearch store;
  private final LocalRabbitMq broker;
  private final List<ServerProcess> servers = new ArrayList<>();
  private int started;

  BenchEnvironment(Path directory, Path config, Options options) throws IOException {
    this.directory = directory;
    this.config = config;
    this.options = options;
    this.store =
        LocalElasticsearch.start(
            ElasticsearchSettings.in(Files.createDirectories(directory.resolve("elasticsearch")))
                .withHeap("1g"));
    this.broker = LocalRabbitMq.start(Files.createDirectories(directory.resolve("rabbitmq")));
  }

  /** Nothing stored, nothing queued, one server. */
  void fresh() throws Exception {
    stopServers();
    store.deleteAll("docket-");
    broker.deleteAll("docket");
    startServer();
  }

  /** Waits until it is ready; says how many seconds that took. */
  double startServer() throws Exception {
    Path home = Files.createDirectories(directory.resolve("server-" + ++started));
    List<String> jvm = new ArrayList<>(List.of(SERVER_HEAP, "-XX:+UseSerialGC"));
    if (options.profile() != null) {
      Files.createDirectories(options.profile());
      jvm.add(
          "-XX:StartFlightRecording:settings=profile,dumponexit=true,filename="
              + options.profile().resolve("server-" + started + ".jfr"));
    }
    ServerProcess server =
        new ServerProcess(
            home,
            config,
            Map.of(
                "DOCKET_ELASTICSEARCH_URL", store.address().toString(),
                "DOCKET_BROKER_URI", broker.amqp().toString(),
                "DOCKET_BROKER_MANAGEMENT", broker.management().toString()),
            jvm);
    servers.add(server);
    long begin = System.nanoTime();
    server.start();
    while (!server.answers("/ready", 200)) {
      if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(60) || !server.process().isAlive()) {
        throw new IllegalStateException("the server does not start, see " + home);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Ends all servers but the first. */
  void stopOthers() {
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

  /** The first of the servers. */
  URI server() {
    return servers.get(0).uri();
  }

  List<URI> all() {
    return servers.stream().map(ServerProcess::uri).toList();
  }

  URI store() {
    return store.address();
  }

  URI broker() {
    return broker.amqp();
  }

  long serverPid() {
    return servers.get(0).process().pid();
  }

  /** The processor time that each part of it has taken since its start, in seconds. */
  Map<String, Double> cpu(BenchWorkerProcess worker) {
    Map<String, Double> cpu = new LinkedHashMap<>();
    cpu.put("server", seconds(servers.stream().map(s -> s.process().toHandle()).toList()));
    cpu.put("Elasticsearch", seconds(store.processes()));
    cpu.put("RabbitMQ", seconds(broker.processes()));
    cpu.put("worker", seconds(ProcessHandle.of(worker.pid()).stream().toList()));
    return cpu;
  }

  private static double seconds(List<ProcessHandle> processes) {
    return processes.stream()
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .mapToDouble(time -> time.toNanos() / 1e9)
        .sum();
  }

  /** What all servers count, together. */
  double metric(String name) throws IOException {
    double sum = 0;
    for (ServerProcess server : servers) {
      try (RawHttpConnection line = new RawHttpConnection(server.adminUri())) {
        sum +=
            new PrometheusScrape(line.get("/metrics").expect(200).text())
                .all(name).values().stream().mapToDouble(Double::doubleValue).sum();
      }
    }
    return sum;
  }

  /** Asks the first server. */
  JsonNode get(String path) throws IOException {
    try (RawHttpConnection line = new RawHttpConnection(server())) {
      return JSON.readTree(line.get(path).expect(200).body());
    }
  }

  /** Tells or asks Elasticsearch. */
  JsonNode store(String method, String path, String body) throws IOException {
    try (RawHttpConnection line = new RawHttpConnection(store())) {
      return JSON.readTree(
          line.ask(
                  method,
                  path,
                  "application/json",
                  body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .expect(200, 201)
              .body());
    }
  }

  /** How much of the disk a record of an index takes. */
  double kilobytes(String index) throws IOException {
    store("POST", "/" + index + "/_refresh", "");
    JsonNode all = store("GET", "/" + index + "/_stats/store,docs", "").at("/_all/primaries");
    return all.at("/store/size_in_bytes").asDouble() / 1_000 / all.at("/docs/count").asDouble();
  }

  @Override
  public void close() {
    stopServers();
    broker.close();
    store.close();
  }
}

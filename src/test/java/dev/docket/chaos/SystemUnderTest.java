package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.LocalRabbitMq;
import dev.docket.backends.RabbitMqSettings;
import dev.docket.backends.ServerLog;
import dev.docket.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Two servers, Elasticsearch, RabbitMQ, three Docket workers (one of which polls over HTTP) and one
 * DANE worker. Each connection between them passes through a {@link CutProxy}.
 */
final class SystemUnderTest implements AutoCloseable {

  static final String RABBITMQ = "rabbitmq";
  static final String ELASTICSEARCH = "elasticsearch";
  static final String DANE_WORKER = "dane-worker";
  static final List<String> BACKENDS = List.of(ELASTICSEARCH, RABBITMQ);
  static final List<String> SERVERS = List.of("server-a", "server-b");
  static final List<String> WORKERS = List.of("worker-1", "worker-2", "worker-3");
  static final List<String> PROGRAMS =
      Stream.of(SERVERS, WORKERS, List.of(DANE_WORKER)).flatMap(List::stream).toList();

  /** The workers that consume from the broker. The last Docket worker polls instead. */
  static final List<String> CONSUMERS = List.of("worker-1", "worker-2", DANE_WORKER);

  static final List<String> LINKS =
      List.of(
          "server-a > elasticsearch",
          "server-b > elasticsearch",
          "server-a > rabbitmq",
          "server-b > rabbitmq",
          "server-a > management",
          "server-b > management",
          "clients > server-a",
          "clients > server-b",
          "worker-1 > servers",
          "worker-2 > servers",
          "worker-3 > servers",
          "worker-1 > rabbitmq",
          "worker-2 > rabbitmq",
          "dane-worker > rabbitmq",
          DANE_WORKER + " > servers");

  /** The task key of the DANE worker, and the name of its queue. */
  static final String DANE_KEY = "DANEWORK";

  static final String DANE_EXCHANGE = "DANE-exchange";
  private static final List<String> JVM =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  private final Settings settings;
  private final Path directory;
  private final Map<String, FaultTarget> targets = new LinkedHashMap<>();
  private final Map<String, CutProxy> links = new LinkedHashMap<>();
  private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
  private final List<Integer> daneIndexPorts = new ArrayList<>();
  private FaultTargets.Elasticsearch elasticsearch;
  private FaultTargets.DaneWorker daneWorker;
  private final int amqpPort = ServerProcess.freePort();
  private final int managementPort = ServerProcess.freePort();
  private final CutProxy balancer;
  private volatile boolean closed;

  /** Starts all programs. If one does not start, stops the others. */
  @SuppressWarnings("this-escape")
  SystemUnderTest(Path directory, Settings settings) throws IOException {
    this.directory = directory;
    this.settings = settings;
    int elasticsearchPort = ServerProcess.freePort();
    CompletableFuture<FaultTargets.Elasticsearch> startedElasticsearch =
        CompletableFuture.supplyAsync(() -> startElasticsearch(elasticsearchPort));
    CompletableFuture<FaultTarget> rabbitMq =
        CompletableFuture.supplyAsync(() -> startRabbitMq(amqpPort, managementPort));
    try {
      // Programs may start in any order: each waits for those that it requires.
      for (String server : SERVERS) {
        startServer(server, elasticsearchPort);
      }
      balancer = new CutProxy("submitter > servers", serverPorts());
      for (String worker : WORKERS) {
        startWorker(worker);
      }
      startDaneWorker();
      elasticsearch = startedElasticsearch.join();
      targets.put(ELASTICSEARCH, elasticsearch);
      targets.put(RABBITMQ, rabbitMq.join());
    } catch (IOException | RuntimeException e) {
      startedElasticsearch.thenAccept(FaultTarget::close);
      rabbitMq.thenAccept(FaultTarget::close);
      close();
      throw e;
    }
  }

  private FaultTargets.Elasticsearch startElasticsearch(int port) {
    return new FaultTargets.Elasticsearch(
        LocalElasticsearch.start(
            ElasticsearchSettings.in(directory.resolve(ELASTICSEARCH))
                .withPort(port)
                .withQuickStart()));
  }

  private FaultTarget startRabbitMq(int port, int management) {
    Path workDirectory = directory.resolve(RABBITMQ);
    return new FaultTargets.RabbitMq(
        LocalRabbitMq.start(
            RabbitMqSettings.in(workDirectory)
                .withPort(port)
                .withManagementPort(management)
                .with("collect_statistics_interval", "1000")),
        workDirectory);
  }

  private CutProxy createLink(String name, List<Integer> upstreams) throws IOException {
    CutProxy link = new CutProxy(name, upstreams);
    links.put(name, link);
    return link;
  }

  private List<Integer> serverPorts() {
    return SERVERS.stream().map(server -> links.get("clients > " + server).port()).toList();
  }

  private String amqp(String client) throws IOException {
    CutProxy link = createLink(client + " > rabbitmq", List.of(amqpPort));
    return "amqp://guest:guest@127.0.0.1:" + link.port();
  }

  private void startServer(String name, int elasticsearchPort) throws IOException {
    Path workDirectory = Files.createDirectories(directory.resolve(name));
    CutProxy elasticsearch = createLink(name + " > elasticsearch", List.of(elasticsearchPort));
    CutProxy management = createLink(name + " > management", List.of(managementPort));
    int daneIndexPort = ServerProcess.freePort();
    daneIndexPorts.add(daneIndexPort);
    String yaml =
        """
        elasticsearch: {urls: "http://127.0.0.1:%d", connectTimeout: 2s, requestTimeout: 5s, patience: 3m}
        broker: {uri: "%s", management: "http://guest:guest@127.0.0.1:%d", %s}
        dane: {store: {enabled: true, port: %d}}
        %sserver:
          applicationConnectors: [{type: http, port: "${DOCKET_PORT}", bindHost: 127.0.0.1}]
          adminConnectors: [{type: http, port: "${DOCKET_ADMIN_PORT}", bindHost: 127.0.0.1}]
          requestLog: {appenders: []}
        logging:
          level: INFO
          appenders: [{type: console, logFormat: "%%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %%-5p %%c{0} - %%m %%kvp%%n%%ex"}]
        """
            .formatted(
                elasticsearch.port(),
                amqp(name),
                management.port(),
                Settings.BROKER,
                daneIndexPort,
                settings.serverConfig());
    Path config = Files.writeString(workDirectory.resolve("config.yml"), yaml);
    ServerProcess server =
        new ServerProcess(
            workDirectory,
            config,
            Map.of("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
    servers.put(name, server);
    createLink("clients > " + name, List.of(server.uri().getPort()));
    FaultTarget target = new FaultTargets.DocketServer(server);
    target.start();
    targets.put(name, target);
  }

  private void startWorker(String name) throws IOException {
    Path workDirectory = Files.createDirectories(directory.resolve(name));
    boolean polls = name.equals(WORKERS.get(WORKERS.size() - 1));
    Path logback =
        Files.writeString(
            workDirectory.resolve("logback.xml"),
            """
            <configuration><appender name="c" class="ch.qos.logback.core.ConsoleAppender"><encoder>
            <pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %msg%n%ex</pattern></encoder></appender>
            <root level="INFO"><appender-ref ref="c"/></root></configuration>
            """);
    List<String> command = new ArrayList<>(JVM);
    command.addAll(
        List.of(
            // Runs with large results hold several copies of them.
            "-Xmx160m",
            "-Dlogback.configurationFile=" + logback,
            "-cp",
            System.getProperty("java.class.path"),
            ChaosWorker.class.getName(),
            name,
            "http://127.0.0.1:" + createLink(name + " > servers", serverPorts()).port(),
            workDirectory.resolve("runs.jsonl").toString()));
    if (!polls) {
      command.add(amqp(name));
    }
    FaultTarget target =
        new FaultTargets.DocketWorker(command, workDirectory.resolve("worker.log"));
    target.start();
    targets.put(name, target);
  }

  private void startDaneWorker() throws IOException {
    Path workDirectory = Files.createDirectories(directory.resolve(DANE_WORKER));
    CutProxy index = createLink(DANE_WORKER + " > servers", daneIndexPorts);
    daneWorker =
        new FaultTargets.DaneWorker(
            List.of(
                amqp(DANE_WORKER),
                DANE_EXCHANGE,
                DANE_KEY,
                DANE_KEY,
                "http://127.0.0.1:" + index.port()),
            workDirectory.resolve("worker.log"));
    daneWorker.start();
    targets.put(DANE_WORKER, daneWorker);
  }

  FaultTarget target(String name) {
    return targets.get(name);
  }

  CutProxy link(String name) {
    return links.get(name);
  }

  Map<String, ServerProcess> servers() {
    return servers;
  }

  /** Elasticsearch, without a proxy. */
  URI elasticsearch() {
    return elasticsearch.program().address();
  }

  /** What the processes of the DANE worker did. */
  List<JsonNode> daneEvents() {
    return daneWorker.events();
  }

  /** RabbitMQ's management API, without a proxy. */
  URI management() {
    return URI.create("http://127.0.0.1:" + managementPort);
  }

  /** The load balancer in front of both servers. */
  URI address() {
    return URI.create("http://127.0.0.1:" + balancer.port());
  }

  /** The {@link RunLog}s of the workers. */
  List<Path> runLogs() {
    return WORKERS.stream().map(worker -> directory.resolve(worker).resolve("runs.jsonl")).toList();
  }

  boolean isReady() {
    return targets.values().stream().allMatch(FaultTarget::isReady);
  }

  /** The names of the programs that are not running. */
  List<String> endedPrograms() {
    return namesWhere(target -> !target.isAlive());
  }

  /** The names of the programs that are not ready or have exited, with the ends of their logs. */
  String describeUnready() throws IOException {
    List<String> names = namesWhere(target -> !target.isReady());
    StringBuilder text =
        new StringBuilder("not ready " + names + ", exited " + endedPrograms() + "\n");
    for (String name : names) {
      text.append(name).append(":\n").append(logTails(directory.resolve(name)));
    }
    return text.toString();
  }

  private List<String> namesWhere(Predicate<FaultTarget> condition) {
    return targets.entrySet().stream()
        .filter(target -> condition.test(target.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String logTails(Path workDirectory) throws IOException {
    StringBuilder text = new StringBuilder();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(workDirectory, "*.log")) {
      logs.forEach(log -> text.append(new ServerLog(log, 0).quote()));
    }
    return text.toString();
  }

  /** Stops all programs. Also called by a shutdown hook. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<FaultTarget> reversed = new ArrayList<>(targets.values());
    Collections.reverse(reversed);
    reversed.forEach(FaultTarget::close);
    links.values().forEach(CutProxy::close);
  }
}

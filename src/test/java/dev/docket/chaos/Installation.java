package dev.docket.chaos;

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
 * Two servers, Elasticsearch, RabbitMQ, three workers of this project (one without the broker) and
 * one as DANE has them; each of their connections goes through a link that can be cut.
 */
final class Installation implements AutoCloseable {

  static final String RABBIT = "rabbitmq";
  static final String STORE = "elasticsearch";
  static final String PYTHON = "python";
  static final List<String> BACKENDS = List.of(STORE, RABBIT);
  static final List<String> SERVERS = List.of("server-a", "server-b");
  static final List<String> WORKERS = List.of("worker-1", "worker-2", "worker-3");
  static final List<String> PROGRAMS =
      Stream.of(SERVERS, WORKERS, List.of(PYTHON)).flatMap(List::stream).toList();

  /** Who takes messages from the broker by itself; the last of the workers polls. */
  static final List<String> TAKERS = List.of("worker-1", "worker-2", PYTHON);

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
          "python > rabbitmq");

  /** The key of the tasks for DANE's worker, and the name of its queue. */
  static final String DANE_KEY = "DANEWORK";

  static final String DANE_EXCHANGE = "DANE-exchange";
  private static final List<String> JVM =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  private final Path directory;
  private final Map<String, FaultTarget> victims = new LinkedHashMap<>();
  private final Map<String, CutProxy> links = new LinkedHashMap<>();
  private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
  private final int amqpPort = ServerProcess.freePort();
  private final int managementPort = ServerProcess.freePort();
  private final CutProxy balancer;
  private volatile boolean closed;

  /** Starts all of it; where something does not start, what has is ended. */
  @SuppressWarnings("this-escape")
  Installation(Path directory) throws IOException {
    this.directory = directory;
    int storePort = ServerProcess.freePort();
    CompletableFuture<FaultTarget> elasticsearch =
        CompletableFuture.supplyAsync(() -> store(storePort));
    CompletableFuture<FaultTarget> broker =
        CompletableFuture.supplyAsync(() -> broker(amqpPort, managementPort));
    try {
      // All of them wait for what they need.
      for (String server : SERVERS) {
        server(server, storePort);
      }
      balancer = new CutProxy("submitter > servers", fronts());
      for (String worker : WORKERS) {
        worker(worker);
      }
      python();
      victims.put(STORE, elasticsearch.join());
      victims.put(RABBIT, broker.join());
    } catch (IOException | RuntimeException e) {
      elasticsearch.thenAccept(FaultTarget::close);
      broker.thenAccept(FaultTarget::close);
      close();
      throw e;
    }
  }

  private FaultTarget store(int port) {
    return new FaultTargets.Store(
        LocalElasticsearch.start(
            ElasticsearchSettings.in(directory.resolve(STORE)).withPort(port).withQuickStart()));
  }

  private FaultTarget broker(int port, int management) {
    Path home = directory.resolve(RABBIT);
    return new FaultTargets.Broker(
        LocalRabbitMq.start(
            RabbitMqSettings.in(home)
                .withPort(port)
                .withManagementPort(management)
                .with("collect_statistics_interval", "1000")),
        home);
  }

  private CutProxy link(String name, List<Integer> ends) throws IOException {
    CutProxy link = new CutProxy(name, ends);
    links.put(name, link);
    return link;
  }

  private List<Integer> fronts() {
    return SERVERS.stream().map(server -> links.get("clients > " + server).port()).toList();
  }

  private String amqp(String who) throws IOException {
    CutProxy link = link(who + " > rabbitmq", List.of(amqpPort));
    return "amqp://guest:guest@127.0.0.1:" + link.port();
  }

  private void server(String name, int storePort) throws IOException {
    Path home = Files.createDirectories(directory.resolve(name));
    CutProxy elasticsearch = link(name + " > elasticsearch", List.of(storePort));
    CutProxy management = link(name + " > management", List.of(managementPort));
    String yaml =
        """
        elasticsearch: {urls: "http://127.0.0.1:%d", connectTimeout: 2s, requestTimeout: 5s, patience: 3m}
        broker: {uri: "%s", management: "http://guest:guest@127.0.0.1:%d", %s}
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
                Settings.RULES);
    Path config = Files.writeString(home.resolve("config.yml"), yaml);
    ServerProcess server =
        new ServerProcess(
            home, config, Map.of("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
    servers.put(name, server);
    link("clients > " + name, List.of(server.uri().getPort()));
    FaultTarget target = new FaultTargets.Server(server);
    target.start();
    victims.put(name, target);
  }

  private void worker(String name) throws IOException {
    Path home = Files.createDirectories(directory.resolve(name));
    boolean polls = name.equals(WORKERS.get(WORKERS.size() - 1));
    Path logback =
        Files.writeString(
            home.resolve("logback.xml"),
            """
            <configuration><appender name="c" class="ch.qos.logback.core.ConsoleAppender"><encoder>
            <pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %msg%n%ex</pattern></encoder></appender>
            <root level="INFO"><appender-ref ref="c"/></root></configuration>
            """);
    List<String> command = new ArrayList<>(JVM);
    command.addAll(
        List.of(
            "-Xmx96m",
            "-Dlogback.configurationFile=" + logback,
            "-cp",
            System.getProperty("java.class.path"),
            ChaosWorker.class.getName(),
            name,
            "http://127.0.0.1:" + link(name + " > servers", fronts()).port(),
            home.resolve("runs.jsonl").toString()));
    if (!polls) {
      command.add(amqp(name));
    }
    FaultTarget target = new FaultTargets.Worker(command, home.resolve("worker.log"));
    target.start();
    victims.put(name, target);
  }

  private void python() throws IOException {
    Path home = Files.createDirectories(directory.resolve(PYTHON));
    FaultTarget target =
        new FaultTargets.Python(
            List.of(amqp(PYTHON), DANE_EXCHANGE, DANE_KEY, DANE_KEY), home.resolve("worker.log"));
    target.start();
    victims.put(PYTHON, target);
  }

  FaultTarget victim(String name) {
    return victims.get(name);
  }

  CutProxy link(String name) {
    return links.get(name);
  }

  Map<String, ServerProcess> servers() {
    return servers;
  }

  /** RabbitMQ's management API, not by way of a link. */
  URI management() {
    return URI.create("http://127.0.0.1:" + managementPort);
  }

  /** Both servers, as clients see them. */
  URI address() {
    return URI.create("http://127.0.0.1:" + balancer.port());
  }

  /** Where the workers wrote what they did. */
  List<Path> runLogs() {
    return WORKERS.stream().map(worker -> directory.resolve(worker).resolve("runs.jsonl")).toList();
  }

  boolean isReady() {
    return victims.values().stream().allMatch(FaultTarget::isReady);
  }

  /** Who is not there. */
  List<String> ended() {
    return names(target -> !target.isAlive());
  }

  /** Who is not ready and who has ended, and then the end of what they said. */
  String unready() throws IOException {
    List<String> names = names(target -> !target.isReady());
    StringBuilder text = new StringBuilder(names + ", of which have ended " + ended() + "\n");
    for (String name : names) {
      text.append(name).append(":\n").append(endOfLogs(directory.resolve(name)));
    }
    return text.toString();
  }

  private List<String> names(Predicate<FaultTarget> which) {
    return victims.entrySet().stream()
        .filter(target -> which.test(target.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String endOfLogs(Path home) throws IOException {
    StringBuilder text = new StringBuilder();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(home, "*.log")) {
      logs.forEach(log -> text.append(new ServerLog(log, 0).quote()));
    }
    return text.toString();
  }

  /** Also called when the JVM is told to end. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<FaultTarget> all = new ArrayList<>(victims.values());
    Collections.reverse(all);
    all.forEach(FaultTarget::close);
    links.values().forEach(CutProxy::close);
  }
}

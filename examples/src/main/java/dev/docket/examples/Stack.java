package dev.docket.examples;

import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.EmbeddedBroker;
import dev.docket.backends.EmbeddedBrokerSettings;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.worker.DocketWorker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Elasticsearch, an embedded broker, the server and the example workers, on loopback of this
 * machine. All of it ends with this JVM. {@link #close()} may be called by any thread and again.
 */
final class Stack implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final Deque<Runnable> endings = new ArrayDeque<>();
  private boolean closed;
  private final URI server;
  private final URI admin;
  private final LocalElasticsearch elasticsearch;
  private final EmbeddedBroker broker;
  private final ServerProcess process;

  private Stack(Path root, DataDirectory data, Ports ports, Consumer<String> said)
      throws InterruptedException {
    this.server = URI.create("http://127.0.0.1:" + ports.server());
    this.admin = URI.create("http://127.0.0.1:" + ports.admin());
    // Control-C ends all that has been started by then, before this process ends.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "docket-stack-shutdown"));
    try {
      said.accept("Elasticsearch");
      this.elasticsearch =
          LocalElasticsearch.start(
              ElasticsearchSettings.in(data.elasticsearch())
                  .withPort(ports.elasticsearch())
                  .withLimit(TIMEOUT));
      atEnd(elasticsearch::close);
      said.accept("the broker");
      this.broker =
          EmbeddedBroker.start(
              EmbeddedBrokerSettings.in(data.broker())
                  .withPort(ports.broker())
                  .withManagementPort(ports.management()));
      atEnd(broker::close);
      said.accept("the server");
      this.process = startServer(root, data, ports);
      atEnd(process::close);
      process.awaitReady(TIMEOUT, () -> new DocketClient(server).isReady());
      said.accept("the workers");
      List<DocketWorker> workers = ExampleWorkers.start(server, broker.amqp());
      atEnd(() -> workers.parallelStream().forEach(DocketWorker::stop));
    } catch (RuntimeException | InterruptedException unable) {
      close();
      throw unable;
    }
  }

  /**
   * Returns when all of it is ready.
   *
   * @param root of the repository, where the server and Elasticsearch have been built
   * @param said is told what is being started
   */
  static Stack start(Path root, DataDirectory data, Ports ports, Consumer<String> said)
      throws InterruptedException {
    ports.requireFree();
    return new Stack(root, data, ports, said);
  }

  private ServerProcess startServer(Path root, DataDirectory data, Ports ports) {
    return ServerProcess.start(
        root.resolve("src").resolve("target").resolve("docket-server.jar"),
        root.resolve("config.yml"),
        Map.of(
            "DOCKET_ELASTICSEARCH_URL", elasticsearch.address().toString(),
            "DOCKET_BROKER_URI", broker.amqp().toString(),
            "DOCKET_BROKER_MANAGEMENT", broker.management().toString(),
            "DOCKET_PORT", Integer.toString(ports.server()),
            "DOCKET_ADMIN_PORT", Integer.toString(ports.admin())),
        data.logs().resolve("server.log"));
  }

  URI server() {
    return server;
  }

  /** What to open in a browser. */
  URI pages() {
    return server.resolve("/search/task");
  }

  URI admin() {
    return admin;
  }

  URI elasticsearch() {
    return elasticsearch.address();
  }

  URI broker() {
    return broker.amqp();
  }

  /** Fails if a part of it has ended by itself; while it is being stopped, waits for that. */
  synchronized void check() {
    if (closed) {
      throw new UserError("Stopped.");
    }
    if (!elasticsearch.isRunning()) {
      throw new UserError("Elasticsearch has ended; its log is " + elasticsearch.log() + ".");
    }
    process.check();
  }

  private synchronized void atEnd(Runnable ending) {
    if (closed) {
      ending.run();
      throw new UserError("Stopped while it was starting.");
    }
    endings.push(ending);
  }

  /** Stops in order, the last started first. */
  @Override
  public synchronized void close() {
    closed = true;
    List<RuntimeException> troubles = new ArrayList<>();
    while (!endings.isEmpty()) {
      try {
        endings.pop().run();
      } catch (RuntimeException unable) {
        troubles.add(unable);
      }
    }
    if (!troubles.isEmpty()) {
      throw new UserError("Not all could be stopped in order: " + troubles, troubles.get(0));
    }
  }
}

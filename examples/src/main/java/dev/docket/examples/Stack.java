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
 * Elasticsearch, an embedded broker, the server and the example workers, on loopback. All of them
 * end with this JVM. {@link #close()} is thread-safe and idempotent.
 */
final class Stack implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final Deque<Runnable> closeActions = new ArrayDeque<>();
  private boolean closed;
  private final URI server;
  private final URI admin;
  private final LocalElasticsearch elasticsearch;
  private final EmbeddedBroker broker;
  private final ServerProcess process;

  private Stack(Path root, DataDirectory data, Ports ports, Consumer<String> onStarting)
      throws InterruptedException {
    this.server = URI.create("http://127.0.0.1:" + ports.server());
    this.admin = URI.create("http://127.0.0.1:" + ports.admin());
    // On Ctrl-C, stop what has been started so far before this process ends.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "docket-stack-shutdown"));
    try {
      onStarting.accept("Elasticsearch");
      this.elasticsearch =
          LocalElasticsearch.start(
              ElasticsearchSettings.in(data.elasticsearch())
                  .withPort(ports.elasticsearch())
                  .withStartTimeout(TIMEOUT));
      onClose(elasticsearch::close);
      onStarting.accept("the broker");
      this.broker =
          EmbeddedBroker.start(
              EmbeddedBrokerSettings.in(data.broker())
                  .withPort(ports.broker())
                  .withManagementPort(ports.management()));
      onClose(broker::close);
      onStarting.accept("the server");
      this.process = startServer(root, data, ports);
      onClose(process::close);
      process.awaitReady(TIMEOUT, () -> new DocketClient(server).isReady());
      onStarting.accept("the workers");
      List<DocketWorker> workers = ExampleWorkers.start(server, broker.amqp());
      onClose(() -> workers.parallelStream().forEach(DocketWorker::stop));
    } catch (RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts the stack and waits until it is ready.
   *
   * @param root root of the repository, in which the server and Elasticsearch have been built
   * @param onStarting receives the name of each component before it starts
   */
  static Stack start(Path root, DataDirectory data, Ports ports, Consumer<String> onStarting)
      throws InterruptedException {
    ports.requireFree();
    return new Stack(root, data, ports, onStarting);
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

  /** The search over all tasks. */
  URI taskSearch() {
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

  /**
   * Checks that Elasticsearch and the server are running. During {@link #close()}, waits until that
   * is done, and then throws.
   *
   * @throws UserError if one of them has exited, or the stack is closed
   */
  synchronized void check() {
    if (closed) {
      throw new UserError("Stopped.");
    }
    if (!elasticsearch.isRunning()) {
      throw new UserError("Elasticsearch exited. Its log is " + elasticsearch.log() + ".");
    }
    process.check();
  }

  private synchronized void onClose(Runnable action) {
    if (closed) {
      action.run();
      throw new UserError("Stopped during startup.");
    }
    closeActions.push(action);
  }

  /** Stops all components, in reverse order of their start. */
  @Override
  public synchronized void close() {
    closed = true;
    List<RuntimeException> failures = new ArrayList<>();
    while (!closeActions.isEmpty()) {
      try {
        closeActions.pop().run();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new UserError("Some components did not stop cleanly: " + failures, failures.get(0));
    }
  }
}

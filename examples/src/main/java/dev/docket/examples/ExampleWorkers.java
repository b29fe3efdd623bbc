package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.TaskHandler;
import dev.docket.worker.WorkerBuilder;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The three example workers: some of them as a program, or all of them beside the server. */
final class ExampleWorkers {

  private static final String SERVER = "DOCKET_SERVER";
  private static final String BROKER = "DOCKET_BROKER_URI";
  private static final String TOKEN = "DOCKET_TOKEN";

  private static final Map<String, TaskHandler> HANDLERS =
      new TreeMap<>(
          Map.of(
              FileSizeWorker.KEY, new FileSizeWorker(),
              FixityWorker.KEY, new FixityWorker(),
              FormatWorker.KEY, new FormatWorker()));

  private ExampleWorkers() {}

  static List<String> keys() {
    return List.copyOf(HANDLERS.keySet());
  }

  /**
   * Understands {@code KEY... [--server URL] [--broker URI] [--token TOKEN]}. What is left out is
   * looked for in the environment, where other users of the machine cannot see it.
   */
  static CliCommand of(Arguments arguments, Map<String, String> environment) {
    arguments.allow(HANDLERS.size(), "server", "broker", "token");
    if (arguments.plain().isEmpty()) {
      throw new IllegalArgumentException("A KEY is missing.");
    }
    WorkerBuilder worker = DocketWorker.builder().concurrency(2);
    arguments.plain().forEach(key -> worker.handler(key, handler(key)));
    String server =
        given("server", SERVER, arguments, environment)
            .orElseThrow(
                () -> new IllegalArgumentException("--server is missing, and so is " + SERVER));
    worker.server(URI.create(server));
    given("broker", BROKER, arguments, environment).ifPresent(worker::broker);
    given("token", TOKEN, arguments, environment).ifPresent(worker::token);
    DocketWorker built = worker.build();
    return out -> built.runUntilStopped();
  }

  private static Optional<String> given(
      String option, String variable, Arguments arguments, Map<String, String> environment) {
    return arguments
        .option(option)
        .or(() -> Optional.ofNullable(environment.get(variable)).filter(text -> !text.isEmpty()));
  }

  /** One worker for each key, started; to be stopped by the caller. */
  static List<DocketWorker> start(URI server, URI broker) {
    List<DocketWorker> workers =
        keys().stream()
            .map(
                key ->
                    DocketWorker.builder()
                        .handler(key, handler(key))
                        .concurrency(2)
                        .server(server)
                        .broker(broker.toString())
                        .build())
            .toList();
    workers.forEach(DocketWorker::start);
    return workers;
  }

  private static TaskHandler handler(String key) {
    TaskHandler handler = HANDLERS.get(key);
    if (handler == null) {
      throw new IllegalArgumentException(
          "There is no example worker for " + key + ", but for " + String.join(", ", keys()) + ".");
    }
    return handler;
  }
}

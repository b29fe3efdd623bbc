package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.TaskHandler;
import dev.docket.worker.WorkerBuilder;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs the example workers: some of them as a program, or all of them in this process. */
final class ExampleWorkers {

  private static final String SERVER_VARIABLE = "DOCKET_SERVER";
  private static final String BROKER_VARIABLE = "DOCKET_BROKER_URI";
  private static final String TOKEN_VARIABLE = "DOCKET_TOKEN";

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
   * Parses {@code KEY... [--server URL] [--broker URI] [--token TOKEN]}. Missing options are read
   * from the environment, which other users of the machine cannot see.
   */
  static CliCommand of(Arguments arguments, Map<String, String> environment) {
    arguments.allow(HANDLERS.size(), "server", "broker", "token");
    if (arguments.positional().isEmpty()) {
      throw new IllegalArgumentException("At least one KEY is required.");
    }
    WorkerBuilder builder = DocketWorker.builder().concurrency(2);
    arguments.positional().forEach(key -> builder.handler(key, handler(key)));
    String server =
        option("server", SERVER_VARIABLE, arguments, environment)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The server is missing; add --server or set " + SERVER_VARIABLE + "."));
    builder.server(URI.create(server));
    option("broker", BROKER_VARIABLE, arguments, environment).ifPresent(builder::broker);
    option("token", TOKEN_VARIABLE, arguments, environment).ifPresent(builder::token);
    DocketWorker worker = builder.build();
    return out -> worker.runUntilStopped();
  }

  private static Optional<String> option(
      String name, String variable, Arguments arguments, Map<String, String> environment) {
    return arguments
        .option(name)
        .or(() -> Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty()));
  }

  /** Starts one worker for each key. The caller must stop them. */
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
          "There is no example worker for "
              + key
              + "; available keys: "
              + String.join(", ", keys())
              + ".");
    }
    return handler;
  }
}

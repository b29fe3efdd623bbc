package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.TaskHandler;
import dev.docket.worker.WorkerBuilder;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The three example workers: one of them as a program, or all of them in one process. */
final class ExampleWorkers {

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

  /** Understands {@code KEY --server URL [--broker URI] [--token TOKEN]}. */
  static Job of(Arguments arguments) {
    arguments.allow(1, "server", "broker", "token");
    String key =
        arguments.first().orElseThrow(() -> new IllegalArgumentException("A KEY is missing."));
    WorkerBuilder worker = ofKey(key);
    worker.server(
        URI.create(
            arguments
                .option("server")
                .orElseThrow(() -> new IllegalArgumentException("--server is missing."))));
    arguments.option("broker").ifPresent(worker::broker);
    arguments.option("token").ifPresent(worker::token);
    return out -> worker.build().runUntilStopped();
  }

  /** One worker for each key, started; to be stopped by the caller. */
  static List<DocketWorker> start(URI server, URI broker) {
    List<DocketWorker> workers =
        keys().stream()
            .map(key -> ofKey(key).server(server).broker(broker.toString()).build())
            .toList();
    workers.forEach(DocketWorker::start);
    return workers;
  }

  private static WorkerBuilder ofKey(String key) {
    TaskHandler handler = HANDLERS.get(key);
    if (handler == null) {
      throw new IllegalArgumentException(
          "There is no example worker for " + key + ", but for " + String.join(", ", keys()) + ".");
    }
    return DocketWorker.builder().handler(key, handler).concurrency(2);
  }
}

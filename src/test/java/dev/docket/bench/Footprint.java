package dev.docket.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Measures the startup time of a server, the memory of servers and workers, and the behavior with a
 * backlog.
 */
final class Footprint {

  private final BenchEnvironment environment;
  private final Measurements measurements;
  private final Options options;

  Footprint(BenchEnvironment environment, Measurements measurements, Options options) {
    this.environment = environment;
    this.measurements = measurements;
    this.options = options;
  }

  /** Measures idle programs. Leaves one server running. */
  void measureStart() throws Exception {
    environment.reset();
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      seconds.add(environment.startServer());
      environment.stopAllButFirst();
    }
    measurements.add("standing", "server: startup until ready", "s", seconds, "< 5");
    measurements.add(
        "standing",
        "server: memory when idle",
        "MiB",
        List.of(residentMiB(environment.serverPid())),
        "");
    try (BenchWorkerProcess worker = environment.worker(2, true)) {
      TimeUnit.SECONDS.sleep(5);
      measurements.add(
          "standing",
          "worker: memory when idle, AMQP",
          "MiB",
          List.of(residentMiB(worker.pid())),
          "< 90");
    }
    try (BenchWorkerProcess worker = environment.worker(2, false)) {
      TimeUnit.SECONDS.sleep(5);
      measurements.add(
          "standing",
          "worker: memory when idle, HTTP",
          "MiB",
          List.of(residentMiB(worker.pid())),
          "< 90");
    }
  }

  void measureUnderLoad() throws IOException {
    measurements.add(
        "standing",
        "server: memory under load",
        "MiB",
        List.of(residentMiB(environment.serverPid())),
        "< 700",
        0,
        "",
        "heap size " + BenchEnvironment.SERVER_HEAP.substring(4));
  }

  /** Submits many tasks in a few large requests while a worker executes them slowly. */
  void measureBacklog() throws Exception {
    int tasks = options.size(10_000, 100_000);
    environment.reset();
    String round = UUID.randomUUID().toString().substring(0, 8);
    try (BenchWorkerProcess worker = environment.worker(8, true)) {
      SampleArchive.register(environment, round, tasks);
      TimeUnit.SECONDS.sleep(2);
      long start = System.nanoTime();
      ConcurrentClients.run(
          environment.server(),
          2,
          tasks / 10_000,
          (connection, i) ->
              connection
                  .post("/task", SampleArchive.assignment(round, i * 10_000, 10_000, "{\"ms\":50}"))
                  .expect(200));
      double seconds = (System.nanoTime() - start) / 1e9;
      measurements.add(
          "backlog",
          String.format(Locale.ROOT, "%,d tasks submitted at once, workers slow", tasks),
          "tasks/s",
          List.of(tasks / seconds),
          "no failure",
          1,
          BackendLimits.tasks(500),
          "server memory " + Measurement.number(residentMiB(environment.serverPid())) + " MiB");
      int executed = worker.runs();
      TimeUnit.SECONDS.sleep(10);
      measurements.add(
          "backlog",
          "the same after ten seconds",
          "tasks executed",
          List.of((double) worker.runs() - executed),
          "",
          0,
          "",
          environment.get("/search/task?tags=" + round + "&facets=state&size=1").at("/facets/state")
              + ", memory "
              + Measurement.number(residentMiB(environment.serverPid()))
              + " MiB");
    }
  }

  /** The resident memory of a process, in MiB. */
  static double residentMiB(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }
}

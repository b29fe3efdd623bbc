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
 * How long a server takes to start, how much memory it and a worker take, and what a backlog does
 * to it.
 */
final class Footprint {

  private final BenchEnvironment environment;
  private final Measurements results;
  private final Options options;

  Footprint(BenchEnvironment environment, Measurements results, Options options) {
    this.environment = environment;
    this.results = results;
    this.options = options;
  }

  /** Also leaves one server. */
  void start() throws Exception {
    environment.fresh();
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      seconds.add(environment.startServer());
      environment.stopOthers();
    }
    results.add("standing", "server: start until ready", "s", seconds, "< 5");
    results.add(
        "standing", "server: memory, idle", "MiB", List.of(resident(environment.serverPid())), "");
    try (BenchWorkerProcess worker = environment.worker(2, true)) {
      TimeUnit.SECONDS.sleep(5);
      results.add(
          "standing", "worker: memory, idle, AMQP", "MiB", List.of(resident(worker.pid())), "< 90");
    }
    try (BenchWorkerProcess worker = environment.worker(2, false)) {
      TimeUnit.SECONDS.sleep(5);
      results.add(
          "standing", "worker: memory, idle, HTTP", "MiB", List.of(resident(worker.pid())), "< 90");
    }
  }

  void underLoad() throws IOException {
    results.add(
        "standing",
        "server: memory, under load",
        "MiB",
        List.of(resident(environment.serverPid())),
        "< 700",
        0,
        "",
        "heap " + BenchEnvironment.SERVER_HEAP.substring(4));
  }

  /** Many tasks at once while nobody works, and then while they do. */
  void backlog() throws Exception {
    int tasks = options.size(10_000, 100_000);
    environment.fresh();
    String round = UUID.randomUUID().toString().substring(0, 8);
    try (BenchWorkerProcess worker = environment.worker(8, true)) {
      SampleArchive.register(environment, round, tasks);
      TimeUnit.SECONDS.sleep(2);
      long begin = System.nanoTime();
      ConcurrentClients.run(
          environment.server(),
          2,
          tasks / 10_000,
          (line, i) ->
              line.post("/task", SampleArchive.assignment(round, i * 10_000, 10_000, "{\"ms\":50}"))
                  .expect(200));
      double seconds = (System.nanoTime() - begin) / 1e9;
      results.add(
          "backlog",
          String.format(Locale.ROOT, "%,d tasks submitted at once, workers slow", tasks),
          "tasks/s",
          List.of(tasks / seconds),
          "no failure",
          1,
          BackendLimits.tasks(500),
          "memory of the server " + Measurement.number(resident(environment.serverPid())) + " MiB");
      int executed = worker.runs();
      TimeUnit.SECONDS.sleep(10);
      results.add(
          "backlog",
          "the same ten seconds later",
          "tasks done",
          List.of((double) worker.runs() - executed),
          "",
          0,
          "",
          environment.get("/search/task?tags=" + round + "&facets=state&size=1").at("/facets/state")
              + ", memory "
              + Measurement.number(resident(environment.serverPid()))
              + " MiB");
    }
  }

  /** Resident memory in MiB. */
  static double resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024.0;
  }
}

package dev.docket.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Measures throughput and reads with an empty index and with many ended tasks. */
final class Growth {

  private static final int CONNECTIONS = 16;

  /** The sweeps that search. */
  private static final List<String> SWEEPS =
      List.of("census", "overdue", "leases", "unroutable", "unanswered", "waiting", "backlog");

  /** The number of tasks that are read repeatedly. */
  private static final int READ_TASKS = 100;

  /** The number of open tasks while the sweeps are measured. */
  private static final int OPEN_TASKS = 10_000;

  private final BenchEnvironment environment;
  private final Measurements measurements;
  private final Options options;

  Growth(BenchEnvironment environment, Measurements measurements, Options options) {
    this.environment = environment;
    this.measurements = measurements;
    this.options = options;
  }

  void run() throws Exception {
    environment.reset();
    TaskThroughput throughput = new TaskThroughput(environment, measurements);
    FinishedTasks finished;
    try (BenchWorkerProcess worker = environment.worker(8, true)) {
      throughput.runRound(worker, options.size(4_000, 30_000), "{}");
      finished = new FinishedTasks(environment, worker.lastTasks(1).get(0));
    }
    for (int size : options.full() ? List.of(0, 100_000, 1_000_000) : List.of(0, 100_000)) {
      if (size > 0) {
        fill(finished, size);
      }
      String suffix = String.format(Locale.ROOT, " with %,d finished", size);
      try (BenchWorkerProcess worker = environment.worker(8, true)) {
        throughput.runRound(worker, 1_000, "{}");
        throughput.measure("1,000" + suffix, worker, 1_000, options.rounds(), "{}", "1,500");
      }
      measureReads(suffix);
      int open = READ_TASKS;
      if (options.full() || size > 0) {
        measureSweeps(suffix);
        open += OPEN_TASKS;
      }
      // Complete the open tasks, so that the next round's worker does not execute them.
      try (BenchWorkerProcess worker = environment.worker(8, true)) {
        worker.await(open);
      }
    }
  }

  private void fill(FinishedTasks finished, int size) throws Exception {
    double seconds = finished.fill(size);
    measurements.add(
        "growth",
        String.format(Locale.ROOT, "filling the index up to %,d", size),
        "s",
        List.of(seconds),
        size == 1_000_000 ? "< 180" : "");
    measurements.add(
        "growth",
        String.format(Locale.ROOT, "disk space per task, %,d", size),
        "kB",
        List.of(environment.kilobytes("docket-tasks")),
        "");
  }

  private void measureReads(String suffix) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, READ_TASKS);
    try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
      connection.post("/task", SampleArchive.assignment(round, 0, READ_TASKS, "{}")).expect(200);
    }
    measureGets(round, suffix);
    measureLatency(
        "search: filters, sort, facets",
        "/search/task?key=KEY3,KEY4&state=200&sort=-finished_at&facets=key,state,target.type",
        300,
        suffix,
        "< 100");
    measureLatency(
        "search: one page by time", "/search/task?state=500&sort=-finished_at", 300, suffix, "");
    measureLatency("GET /stats", "/stats", 300, suffix, "< 20");
    measureLatency("GET /drift", "/drift", 300, suffix, "< 20");
  }

  private void measureGets(String round, String suffix) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      rates.add(
          ConcurrentClients.run(
                  environment.server(),
                  CONNECTIONS,
                  options.size(10_000, 50_000),
                  (connection, n) ->
                      connection
                          .get("/task/" + SampleArchive.taskId(round, n % READ_TASKS))
                          .expect(200))
              .rate());
    }
    measurements.add(
        "read",
        "GET one task, 16 connections" + suffix,
        "requests/s",
        rates,
        "8,000",
        1,
        BackendLimits.GETS,
        "");
  }

  private void measureLatency(String name, String path, int count, String suffix, String goal)
      throws Exception {
    List<Double> p50 = new ArrayList<>();
    List<Double> p95 = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      ConcurrentClients.Timings timings =
          ConcurrentClients.run(
              environment.server(),
              1,
              count / options.rounds(),
              (connection, n) -> connection.get(path).expect(200));
      p50.add(timings.percentile(0.5));
      p95.add(timings.percentile(0.95));
    }
    measurements.add("read", name + suffix + ", p50", "ms", p50, "");
    measurements.add("read", name + suffix + ", p95", "ms", p95, goal);
  }

  /** Measures the sweeps with 10,000 open tasks, which wait in a queue without consumers. */
  private void measureSweeps(String suffix) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, OPEN_TASKS);
    try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
      for (int from = 0; from < OPEN_TASKS; from += 1_000) {
        connection.post("/task", SampleArchive.assignment(round, from, 1_000, "{}")).expect(200);
      }
    }
    Map<String, Double> secondsBefore = seconds();
    Map<String, Double> runsBefore = runCounts();
    TimeUnit.SECONDS.sleep(options.size(10, 30));
    Map<String, Double> secondsAfter = seconds();
    Map<String, Double> runsAfter = runCounts();
    double sum = 0;
    StringBuilder note = new StringBuilder();
    for (String sweep : SWEEPS) {
      double times = runsAfter.getOrDefault(sweep, 0.0) - runsBefore.getOrDefault(sweep, 0.0);
      if (times > 0) {
        double mean =
            (secondsAfter.getOrDefault(sweep, 0.0) - secondsBefore.getOrDefault(sweep, 0.0))
                / times
                * 1e3;
        sum += mean;
        note.append(String.format(Locale.ROOT, "%s %.0f ms ", sweep, mean));
      }
    }
    measurements.add(
        "growth",
        "one run of every sweep, 10,000 open" + suffix,
        "ms",
        List.of(sum),
        "< 2,000",
        0,
        "",
        note.toString().strip());
  }

  private Map<String, Double> seconds() throws Exception {
    Map<String, Double> seconds = new TreeMap<>();
    for (String sweep : SWEEPS) {
      seconds.put(sweep, environment.metric("docket_sweep_seconds_total{sweep=\"" + sweep + "\"}"));
    }
    return seconds;
  }

  private Map<String, Double> runCounts() throws Exception {
    Map<String, Double> runs = new TreeMap<>();
    for (String sweep : SWEEPS) {
      runs.put(
          sweep,
          environment.metric("docket_sweep_looks_total{outcome=\"done\",sweep=\"" + sweep + "\"}"));
    }
    return runs;
  }
}

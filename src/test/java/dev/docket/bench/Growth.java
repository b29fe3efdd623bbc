package dev.docket.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The same with an index that is empty, and with one that is full of tasks that have ended. */
final class Growth {

  private static final int CONNECTIONS = 16;

  /** The reconciler's looks that search. */
  private static final List<String> LOOKS =
      List.of("census", "overdue", "leases", "unroutable", "unanswered", "waiting", "backlog");

  /** How many tasks are read again and again. */
  private static final int READ = 100;

  /** How many are open while the sweeps look. */
  private static final int OPEN = 10_000;

  private final BenchEnvironment environment;
  private final Measurements results;
  private final Options options;

  Growth(BenchEnvironment environment, Measurements results, Options options) {
    this.environment = environment;
    this.results = results;
    this.options = options;
  }

  void all() throws Exception {
    environment.fresh();
    TaskThroughput life = new TaskThroughput(environment, results);
    FinishedTasks finished;
    try (BenchWorkerProcess worker = environment.worker(8, true)) {
      life.once(worker, options.size(4_000, 30_000), "{}");
      finished = new FinishedTasks(environment, worker.last(1).get(0));
    }
    for (int size : options.full() ? List.of(0, 100_000, 1_000_000) : List.of(0, 100_000)) {
      if (size > 0) {
        fill(finished, size);
      }
      String with = String.format(Locale.ROOT, " with %,d finished", size);
      try (BenchWorkerProcess worker = environment.worker(8, true)) {
        life.once(worker, 1_000, "{}");
        life.many("1,000" + with, worker, 1_000, options.rounds(), "{}", "1,500");
      }
      reading(with);
      int open = READ;
      if (options.full() || size > 0) {
        looks(with);
        open += OPEN;
      }
      // Else the next round's worker does those too.
      try (BenchWorkerProcess worker = environment.worker(8, true)) {
        worker.await(open);
      }
    }
  }

  private void fill(FinishedTasks finished, int size) throws Exception {
    double seconds = finished.fill(size);
    results.add(
        "growth",
        String.format(Locale.ROOT, "filling up to %,d", size),
        "s",
        List.of(seconds),
        size == 1_000_000 ? "< 180" : "");
    results.add(
        "growth",
        String.format(Locale.ROOT, "disk for each of %,d", size),
        "kB",
        List.of(environment.kilobytes("docket-tasks")),
        "");
  }

  private void reading(String with) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, READ);
    try (RawHttpConnection line = new RawHttpConnection(environment.server())) {
      line.post("/task", SampleArchive.assignment(round, 0, READ, "{}")).expect(200);
    }
    gets(round, with);
    slowest(
        "search: filters, sort, facets",
        "/search/task?key=KEY3,KEY4&state=200" + "&sort=-finished_at&facets=key,state,target.type",
        300,
        with,
        "< 100");
    slowest("search: one page by time", "/search/task?state=500&sort=-finished_at", 300, with, "");
    slowest("GET /stats", "/stats", 300, with, "< 20");
    slowest("GET /drift", "/drift", 300, with, "< 20");
  }

  private void gets(String round, String with) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      rates.add(
          ConcurrentClients.run(
                  environment.server(),
                  CONNECTIONS,
                  options.size(10_000, 50_000),
                  (line, n) -> line.get("/task/" + SampleArchive.task(round, n % READ)).expect(200))
              .rate());
    }
    results.add(
        "read",
        "GET one task, 16 connections" + with,
        "requests/s",
        rates,
        "8,000",
        1,
        BackendLimits.GETS,
        "");
  }

  private void slowest(String name, String path, int count, String with, String goal)
      throws Exception {
    List<Double> p50 = new ArrayList<>();
    List<Double> p95 = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      ConcurrentClients.Measured measured =
          ConcurrentClients.run(
              environment.server(),
              1,
              count / options.rounds(),
              (line, n) -> line.get(path).expect(200));
      p50.add(measured.percentile(0.5));
      p95.add(measured.percentile(0.95));
    }
    results.add("read", name + with + ", p50", "ms", p50, "");
    results.add("read", name + with + ", p95", "ms", p95, goal);
  }

  /** With 10,000 open tasks, for which there is a queue and nobody takes them. */
  private void looks(String with) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, OPEN);
    try (RawHttpConnection line = new RawHttpConnection(environment.server())) {
      for (int from = 0; from < OPEN; from += 1_000) {
        line.post("/task", SampleArchive.assignment(round, from, 1_000, "{}")).expect(200);
      }
    }
    Map<String, Double> before = seconds();
    Map<String, Double> counts = done();
    TimeUnit.SECONDS.sleep(options.size(10, 30));
    Map<String, Double> after = seconds();
    Map<String, Double> now = done();
    double sum = 0;
    StringBuilder each = new StringBuilder();
    for (String look : LOOKS) {
      double times = now.getOrDefault(look, 0.0) - counts.getOrDefault(look, 0.0);
      if (times > 0) {
        double mean =
            (after.getOrDefault(look, 0.0) - before.getOrDefault(look, 0.0)) / times * 1e3;
        sum += mean;
        each.append(String.format(Locale.ROOT, "%s %.0f ms ", look, mean));
      }
    }
    results.add(
        "growth",
        "a look of each sweep, 10,000 open" + with,
        "ms",
        List.of(sum),
        "< 2,000",
        0,
        "",
        each.toString().strip());
  }

  private Map<String, Double> seconds() throws Exception {
    Map<String, Double> seconds = new TreeMap<>();
    for (String look : LOOKS) {
      seconds.put(look, environment.metric("docket_sweep_seconds_total{sweep=\"" + look + "\"}"));
    }
    return seconds;
  }

  private Map<String, Double> done() throws Exception {
    Map<String, Double> done = new TreeMap<>();
    for (String look : LOOKS) {
      done.put(
          look,
          environment.metric("docket_sweep_looks_total{outcome=\"done\",sweep=\"" + look + "\"}"));
    }
    return done;
  }
}

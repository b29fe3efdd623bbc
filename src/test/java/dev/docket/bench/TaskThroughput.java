package dev.docket.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Measures tasks from the request that assigns them until all of them have state 200. */
final class TaskThroughput {

  /** The maximum number of documents of one request. */
  private static final int TASKS_PER_REQUEST = 1_000;

  private static final int POLLED_TASKS = 64;

  private final BenchEnvironment environment;
  private final Measurements measurements;

  TaskThroughput(BenchEnvironment environment, Measurements measurements) {
    this.environment = environment;
    this.measurements = measurements;
  }

  /**
   * The measurements of one round.
   *
   * @param rate tasks per second
   * @param writes written records per task
   * @param bulkItems records per bulk request
   * @param bulkMillis mean duration of a bulk request
   * @param runs executed runs
   */
  record Round(double rate, double writes, double bulkItems, double bulkMillis, int runs) {}

  void run(Options options) throws Exception {
    try (BenchWorkerProcess worker = environment.worker(8, true)) {
      // Warm up: both JVMs compile for more than a minute before they reach their final speed.
      runRound(worker, options.size(10_000, 100_000), "{}");
      measure("1,000, AMQP, 8 threads", worker, 1_000, options.rounds(), "{}", "1,500");
      measure(
          "1,000 with a result each, AMQP, 8 threads",
          worker,
          1_000,
          options.rounds(),
          "{\"results\":1}",
          "");
      int many = options.size(10_000, 50_000);
      measure(
          String.format(Locale.ROOT, "%,d, AMQP, 8 threads", many),
          worker,
          many,
          options.size(1, 3),
          "{}",
          "1,500");
    }
    for (int threads : options.full() ? List.of(1, 2) : List.<Integer>of()) {
      try (BenchWorkerProcess worker = environment.worker(threads, true)) {
        runRound(worker, 500, "{}");
        measure(
            "1,000, AMQP, " + threads + " thread" + (threads == 1 ? "" : "s"),
            worker,
            1_000,
            options.rounds(),
            "{}",
            "");
      }
    }
    for (int threads : options.full() ? List.of(1, 2, 8) : List.of(8)) {
      try (BenchWorkerProcess worker = environment.worker(threads, false)) {
        runRound(worker, 500, "{}");
        measure(
            "1,000, HTTP, " + threads + " thread" + (threads == 1 ? "" : "s"),
            worker,
            1_000,
            options.rounds(),
            "{}",
            "");
      }
    }
  }

  void measure(
      String name, BenchWorkerProcess worker, int tasks, int rounds, String args, String goal)
      throws Exception {
    List<Double> rates = new ArrayList<>();
    double writes = 0;
    double bulkItems = 0;
    double bulkMillis = 0;
    int runs = 0;
    Map<String, ProcessUsage> before = environment.usage(worker);
    for (int i = 0; i < rounds; i++) {
      Round round = runRound(worker, tasks, args);
      rates.add(round.rate());
      writes += round.writes() / rounds;
      bulkItems += round.bulkItems() / rounds;
      bulkMillis += round.bulkMillis() / rounds;
      runs += round.runs();
    }
    Map<String, ProcessUsage> now = environment.usage(worker);
    measurements.add(
        "life",
        name,
        "tasks/s",
        rates,
        goal,
        writes,
        BackendLimits.tasks(bulkItems),
        String.format(
            Locale.ROOT,
            "%,d runs of %,d tasks; %.1f writes/task, %.0f per bulk request of %.0f ms;"
                + " CPU ms/task: %s; disk kB/task: %s",
            runs,
            tasks * rounds,
            writes,
            bulkItems,
            bulkMillis,
            perTask(before, now, used -> used.cpuMillisPerTask(tasks * rounds)),
            perTask(before, now, used -> used.diskKilobytesPerTask(tasks * rounds))));
  }

  /** What each program used per task. Includes the registration of the documents. */
  private static String perTask(
      Map<String, ProcessUsage> before,
      Map<String, ProcessUsage> now,
      Function<ProcessUsage, String> figure) {
    return now.entrySet().stream()
        .map(
            program ->
                program.getKey()
                    + " "
                    + figure.apply(program.getValue().since(before.get(program.getKey()))))
        .collect(Collectors.joining(", "));
  }

  /**
   * Runs one round.
   *
   * @throws IllegalStateException if a task was not executed exactly once, or did not succeed
   */
  Round runRound(BenchWorkerProcess worker, int tasks, String args) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, tasks);
    List<String> requests = new ArrayList<>();
    for (int from = 0; from < tasks; from += TASKS_PER_REQUEST) {
      requests.add(
          SampleArchive.assignment(round, from, Math.min(TASKS_PER_REQUEST, tasks - from), args));
    }
    worker.reset();
    double bulkRequests = environment.metric("docket_bulk_items_count");
    double bulkSeconds = environment.metric("docket_bulk_seconds_sum");
    double records = environment.metric("docket_bulk_items_sum");
    List<URI> servers = environment.serverUris();
    List<RawHttpConnection> connections = new ArrayList<>();
    for (URI server : servers) {
      connections.add(new RawHttpConnection(server));
    }
    long start = System.nanoTime();
    for (int i = 0; i < requests.size(); i++) {
      connections.get(i % connections.size()).post("/task", requests.get(i)).expect(200);
    }
    for (RawHttpConnection connection : connections) {
      connection.close();
    }
    worker.await(tasks);
    // A new connection, since the server closes connections that are idle for half a minute.
    try (RawHttpConnection connection = new RawHttpConnection(servers.get(0))) {
      for (String id : worker.lastTasks(POLLED_TASKS)) {
        awaitDone(connection, id);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double sent = environment.metric("docket_bulk_items_count") - bulkRequests;
    double written = environment.metric("docket_bulk_items_sum") - records;
    double bulkMillis = (environment.metric("docket_bulk_seconds_sum") - bulkSeconds) * 1e3 / sent;
    verify(round, tasks, worker);
    return new Round(tasks / seconds, written / tasks, written / sent, bulkMillis, worker.runs());
  }

  private static void awaitDone(RawHttpConnection connection, String id) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!connection.get("/task/" + id).expect(200).text().contains("\"state\":200")) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "task " + id + " was executed, but has not ended within a minute");
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void verify(String round, int tasks, BenchWorkerProcess worker) throws Exception {
    JsonNode states =
        environment
            .get("/search/task?tags=" + round + "&facets=state&size=1&fresh=true")
            .at("/facets/state");
    if (states.size() != 1
        || states.get(0).path("count").asInt() != tasks
        || states.get(0).path("value").asInt() != 200) {
      throw new IllegalStateException(
          "not all of the " + tasks + " tasks have succeeded: " + states);
    }
    if (worker.runs() != tasks) {
      throw new IllegalStateException(worker.runs() + " runs of " + tasks + " tasks");
    }
  }
}

package dev.docket.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The lives of tasks, from the call that assigns them until all of them are read as 200. */
final class TaskThroughput {

  /** As many as one call takes. */
  private static final int ASSIGNED = 1_000;

  private static final int WATCHED = 64;

  private final BenchEnvironment environment;
  private final Measurements results;

  TaskThroughput(BenchEnvironment environment, Measurements results) {
    this.environment = environment;
    this.results = results;
  }

  /**
   * What a round came to.
   *
   * @param rate tasks in a second
   * @param writes of records for each task
   * @param group writes in a request to Elasticsearch
   * @param bulkMillis how long such a request took
   * @param runs how many were executed
   */
  record Lived(double rate, double writes, double group, double bulkMillis, int runs) {}

  void all(Options options) throws Exception {
    try (BenchWorkerProcess worker = environment.worker(8, true)) {
      // Both JVMs compile for a minute and more before they are as quick as they are for days.
      once(worker, options.size(10_000, 100_000), "{}");
      many("1,000, AMQP, 8 threads", worker, 1_000, options.rounds(), "{}", "1,500");
      many(
          "1,000 with a result each, AMQP, 8 threads",
          worker,
          1_000,
          options.rounds(),
          "{\"results\":1}",
          "");
      int some = options.size(10_000, 50_000);
      many(
          String.format(Locale.ROOT, "%,d, AMQP, 8 threads", some),
          worker,
          some,
          options.size(1, 3),
          "{}",
          "1,500");
    }
    for (int threads : options.full() ? List.of(1, 2) : List.<Integer>of()) {
      try (BenchWorkerProcess worker = environment.worker(threads, true)) {
        once(worker, 500, "{}");
        many(
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
        once(worker, 500, "{}");
        many(
            "1,000, HTTP, " + threads + " thread" + (threads == 1 ? "" : "s"),
            worker,
            1_000,
            options.rounds(),
            "{}",
            "");
      }
    }
  }

  void many(String name, BenchWorkerProcess worker, int tasks, int rounds, String args, String goal)
      throws Exception {
    List<Double> rates = new ArrayList<>();
    double writes = 0;
    double group = 0;
    double bulkMillis = 0;
    int runs = 0;
    Map<String, Double> before = environment.cpu(worker);
    for (int i = 0; i < rounds; i++) {
      Lived lived = once(worker, tasks, args);
      rates.add(lived.rate());
      writes += lived.writes() / rounds;
      group += lived.group() / rounds;
      bulkMillis += lived.bulkMillis() / rounds;
      runs += lived.runs();
    }
    results.add(
        "life",
        name,
        "tasks/s",
        rates,
        goal,
        writes,
        BackendLimits.tasks(group),
        String.format(
            Locale.ROOT,
            "%,d runs for %,d tasks; %.1f writes a task, %.0f a request of %.0f ms; CPU ms a task: %s",
            runs,
            tasks * rounds,
            writes,
            group,
            bulkMillis,
            cpu(before, environment.cpu(worker), tasks * rounds)));
  }

  /** With the registering of the documents. */
  private static String cpu(Map<String, Double> before, Map<String, Double> now, int tasks) {
    return now.entrySet().stream()
        .map(
            part ->
                String.format(
                    Locale.ROOT,
                    "%s %.2f",
                    part.getKey(),
                    (part.getValue() - before.get(part.getKey())) * 1e3 / tasks))
        .collect(Collectors.joining(", "));
  }

  /**
   * One round.
   *
   * @throws IllegalStateException unless each was executed once and all have succeeded
   */
  Lived once(BenchWorkerProcess worker, int tasks, String args) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, tasks);
    List<String> calls = new ArrayList<>();
    for (int from = 0; from < tasks; from += ASSIGNED) {
      calls.add(SampleArchive.assignment(round, from, Math.min(ASSIGNED, tasks - from), args));
    }
    worker.forget();
    double requests = environment.metric("docket_bulk_items_count");
    double bulkSeconds = environment.metric("docket_bulk_seconds_sum");
    double records = environment.metric("docket_bulk_items_sum");
    List<URI> servers = environment.all();
    List<RawHttpConnection> lines = new ArrayList<>();
    for (URI server : servers) {
      lines.add(new RawHttpConnection(server));
    }
    long begin = System.nanoTime();
    for (int i = 0; i < calls.size(); i++) {
      lines.get(i % lines.size()).post("/task", calls.get(i)).expect(200);
    }
    for (RawHttpConnection line : lines) {
      line.close();
    }
    worker.await(tasks);
    // A new connection, as one that nobody has used for half a minute is closed.
    try (RawHttpConnection line = new RawHttpConnection(servers.get(0))) {
      for (String id : worker.last(WATCHED)) {
        awaitDone(line, id);
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double sent = environment.metric("docket_bulk_items_count") - requests;
    double written = environment.metric("docket_bulk_items_sum") - records;
    double bulkMillis = (environment.metric("docket_bulk_seconds_sum") - bulkSeconds) * 1e3 / sent;
    check(round, tasks, worker);
    return new Lived(tasks / seconds, written / tasks, written / sent, bulkMillis, worker.runs());
  }

  private static void awaitDone(RawHttpConnection line, String id) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!line.get("/task/" + id).expect(200).text().contains("\"state\":200")) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("task " + id + " has been executed and does not end");
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void check(String round, int tasks, BenchWorkerProcess worker) throws Exception {
    JsonNode states =
        environment
            .get("/search/task?tags=" + round + "&facets=state&size=1&fresh=true")
            .at("/facets/state");
    if (states.size() != 1
        || states.get(0).path("count").asInt() != tasks
        || states.get(0).path("value").asInt() != 200) {
      throw new IllegalStateException("not all of " + tasks + " have succeeded: " + states);
    }
    if (worker.runs() != tasks) {
      throw new IllegalStateException(worker.runs() + " runs of " + tasks + " tasks");
    }
  }
}

package dev.docket.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One task on a system that has nothing else to do: from the POST until 200 can be read. */
final class Latency {

  private static final int WARM = 50;

  private final BenchEnvironment environment;
  private final Measurements results;
  private final Options options;

  Latency(BenchEnvironment environment, Measurements results, Options options) {
    this.environment = environment;
    this.results = results;
    this.options = options;
  }

  void all() throws Exception {
    for (boolean amqp : List.of(true, false)) {
      List<Double> halves = new ArrayList<>();
      List<Double> slow = new ArrayList<>();
      try (BenchWorkerProcess worker = environment.worker(1, amqp)) {
        new TaskThroughput(environment, results).once(worker, options.size(3_000, 20_000), "{}");
        tasks(worker, WARM);
        for (int i = 0; i < options.size(1, 3); i++) {
          long[] nanos = tasks(worker, options.size(100, 300));
          halves.add(nanos[nanos.length / 2] / 1e6);
          slow.add(nanos[nanos.length * 95 / 100] / 1e6);
        }
      }
      String how = "one task, " + (amqp ? "AMQP" : "HTTP");
      results.add("latency", how + ", p50", "ms", halves, amqp ? "25" : "");
      results.add("latency", how + ", p95", "ms", slow, amqp ? "60" : "");
    }
  }

  private long[] tasks(BenchWorkerProcess worker, int count) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, count);
    worker.forget();
    long[] nanos = new long[count];
    try (RawHttpConnection line = new RawHttpConnection(environment.server())) {
      for (int i = 0; i < count; i++) {
        String path = "/task/" + SampleArchive.task(round, i);
        String submission = SampleArchive.assignment(round, i, 1, "{}");
        long begin = System.nanoTime();
        line.post("/task", submission).expect(200);
        while (!line.get(path).expect(200).text().contains("\"state\":200")) {
          if (System.nanoTime() - begin > TimeUnit.MINUTES.toNanos(1)) {
            throw new IllegalStateException(path + " does not end");
          }
          LockSupport.parkNanos(500_000);
        }
        nanos[i] = System.nanoTime() - begin;
        // Idle again.
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    if (worker.runs() != count) {
      throw new IllegalStateException(worker.runs() + " runs of " + count + " tasks");
    }
    Arrays.sort(nanos);
    return nanos;
  }
}

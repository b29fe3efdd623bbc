package dev.docket.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Measures the time of one task on an idle system, from the POST until its state is 200. */
final class Latency {

  private static final int WARM_UP_TASKS = 50;

  private final BenchEnvironment environment;
  private final Measurements measurements;
  private final Options options;

  Latency(BenchEnvironment environment, Measurements measurements, Options options) {
    this.environment = environment;
    this.measurements = measurements;
    this.options = options;
  }

  void run() throws Exception {
    for (boolean amqp : List.of(true, false)) {
      List<Double> p50 = new ArrayList<>();
      List<Double> p95 = new ArrayList<>();
      try (BenchWorkerProcess worker = environment.worker(1, amqp)) {
        new TaskThroughput(environment, measurements)
            .runRound(worker, options.size(3_000, 20_000), "{}");
        measureNanos(worker, WARM_UP_TASKS);
        for (int i = 0; i < options.size(1, 3); i++) {
          long[] nanos = measureNanos(worker, options.size(100, 300));
          p50.add(nanos[nanos.length / 2] / 1e6);
          p95.add(nanos[nanos.length * 95 / 100] / 1e6);
        }
      }
      String name = "one task, " + (amqp ? "AMQP" : "HTTP");
      measurements.add("latency", name + ", p50", "ms", p50, amqp ? "25" : "");
      measurements.add("latency", name + ", p95", "ms", p95, amqp ? "60" : "");
    }
  }

  private long[] measureNanos(BenchWorkerProcess worker, int count) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, count);
    worker.reset();
    long[] nanos = new long[count];
    try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
      for (int i = 0; i < count; i++) {
        String path = "/task/" + SampleArchive.taskId(round, i);
        String submission = SampleArchive.assignment(round, i, 1, "{}");
        long start = System.nanoTime();
        connection.post("/task", submission).expect(200);
        while (!connection.get(path).expect(200).text().contains("\"state\":200")) {
          if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(1)) {
            throw new IllegalStateException(path + " has not ended within a minute");
          }
          LockSupport.parkNanos(500_000);
        }
        nanos[i] = System.nanoTime() - start;
        // Let the system become idle again.
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

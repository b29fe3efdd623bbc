package dev.docket.bench;

import dev.docket.backends.ScratchDirectory;
import dev.docket.bench.Options.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** The benchmark: measures Docket from outside, over HTTP and AMQP, with the worker client. */
public final class Bench {

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path root = Path.of(System.getProperty("docket.root"));
    Map<String, Object> machine = Machine.describe(root);
    Measurements measurements = new Measurements(System.out, machine);
    ScratchDirectory scratch = ScratchDirectory.create("docket-bench");
    try (BenchEnvironment environment =
        new BenchEnvironment(scratch.path(), root.resolve("config.yml"), options)) {
      Thread shutdownHook = new Thread(environment::close, "bench shutdown");
      Runtime.getRuntime().addShutdownHook(shutdownHook);
      machine.put(
          "elasticsearch",
          environment
              .elasticsearch("GET", "/_nodes/_local/http", "")
              .path("nodes")
              .findPath("version")
              .asText());
      System.out.println(machine);
      measure(environment, measurements, options);
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (Exception e) {
      System.err.println("Logs and data are in " + scratch.path());
      throw e;
    }
    scratch.close();
    measurements.printLimits();
    measurements.printTable();
    measurements.write(options.out());
    System.exit(0);
  }

  private static void measure(
      BenchEnvironment environment, Measurements measurements, Options options) throws Exception {
    Footprint footprint = new Footprint(environment, measurements, options);
    if (options.has(Part.STANDING)) {
      footprint.measureStart();
    } else {
      environment.reset();
    }
    // Without a warm-up the first measurement would be too slow: neither JVM has compiled its code.
    new DocumentRegistrationBench(environment, measurements, options).warmUp();
    if (options.has(Part.LIMITS) && options.full()) {
      measureLimits(environment, measurements, options);
    }
    if (options.has(Part.REGISTER)) {
      new DocumentRegistrationBench(environment, measurements, options).run();
    }
    if (options.has(Part.LATENCY)) {
      new Latency(environment, measurements, options).run();
    }
    if (options.has(Part.LIFE)) {
      environment.reset();
      new TaskThroughput(environment, measurements).run(options);
      footprint.measureUnderLoad();
    }
    if (options.has(Part.SERVERS)) {
      compareServers(environment, measurements, options);
    }
    if (options.has(Part.BACKLOG)) {
      footprint.measureBacklog();
    }
    if (options.has(Part.CONCURRENCY)) {
      compareConcurrency(environment, measurements, options);
    }
    if (options.has(Part.GROWTH)) {
      new Growth(environment, measurements, options).run();
    }
    if (options.has(Part.LIMITS)) {
      measureLimits(environment, measurements, options);
    }
  }

  private static void measureLimits(
      BenchEnvironment environment, Measurements measurements, Options options) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, 1);
    try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
      connection.post("/task", SampleArchive.assignment(round, 0, 1, "{}")).expect(200);
    }
    new BackendLimits(environment, measurements, options).measure(round);
    try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
      connection.delete("/task/" + SampleArchive.taskId(round, 0)).expect(204);
    }
  }

  /** Compares three threads of a worker with a key that permits three runs at the same time. */
  private static void compareConcurrency(
      BenchEnvironment environment, Measurements measurements, Options options) throws Exception {
    environment.reset();
    TaskThroughput throughput = new TaskThroughput(environment, measurements);
    String limits = "/limits/" + BenchWorker.KEY;
    int tasks = 10_000;
    try (BenchWorkerProcess worker = environment.worker(3, true)) {
      throughput.runRound(worker, options.size(3_000, 20_000), "{}");
      throughput.measure("10,000, 3 threads, no limit", worker, tasks, 1, "{}", "");
      try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
        byte[] limit = "{\"concurrency\":3}".getBytes(StandardCharsets.UTF_8);
        connection.send("PUT", limits, "application/json", limit).expect(200);
      }
      throughput.measure("10,000, 3 threads, concurrency 3", worker, tasks, 1, "{}", "");
      try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
        connection.delete(limits).expect(200);
      }
    }
  }

  /** Compares one server with two. Submissions and workers are distributed over both. */
  private static void compareServers(
      BenchEnvironment environment, Measurements measurements, Options options) throws Exception {
    environment.reset();
    TaskThroughput throughput = new TaskThroughput(environment, measurements);
    for (int count = 1; count <= 2; count++) {
      if (count == 2) {
        environment.startServer();
      }
      try (BenchWorkerProcess worker =
          environment.worker(environment.serverUris().get(count - 1), 8, true)) {
        throughput.runRound(worker, options.size(3_000, 20_000), "{}");
        throughput.measure(
            "4,000, " + count + (count == 1 ? " server" : " servers"),
            worker,
            4_000,
            options.rounds(),
            "{}",
            count == 1 ? "" : "as with one");
      }
    }
    environment.stopAllButFirst();
  }
}

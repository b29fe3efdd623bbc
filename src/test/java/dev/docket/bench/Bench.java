package dev.docket.bench;

import dev.docket.backends.ScratchDirectory;
import dev.docket.bench.Options.Part;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Measures Docket from outside, over HTTP and AMQP, with its own worker client. */
public final class Bench {

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.of(arguments);
    } catch (IllegalArgumentException bad) {
      System.err.println("bench: " + bad.getMessage());
      System.exit(2);
      return;
    }
    Path root = Path.of(System.getProperty("docket.root"));
    Map<String, Object> machine = Machine.describe(root);
    Measurements results = new Measurements(System.out, machine);
    ScratchDirectory scratch = ScratchDirectory.create("docket-bench");
    try (BenchEnvironment environment =
        new BenchEnvironment(scratch.path(), root.resolve("config.yml"), options)) {
      Thread end = new Thread(environment::close, "ends what was started");
      Runtime.getRuntime().addShutdownHook(end);
      machine.put(
          "elasticsearch",
          environment
              .store("GET", "/_nodes/_local/http", "")
              .path("nodes")
              .findPath("version")
              .asText());
      System.out.println(machine);
      measure(environment, results, options);
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (Exception failed) {
      System.err.println("Logs and data are in " + scratch.path());
      throw failed;
    }
    scratch.close();
    results.limits();
    results.table();
    results.write(options.out());
    System.exit(0);
  }

  private static void measure(BenchEnvironment environment, Measurements results, Options options)
      throws Exception {
    Footprint standing = new Footprint(environment, results, options);
    if (options.has(Part.STANDING)) {
      standing.start();
    } else {
      environment.fresh();
    }
    // Whatever is measured first would be measured cold, as neither JVM has compiled anything yet.
    new DocumentRegistrationBench(environment, results, options).warmUp();
    if (options.has(Part.LIMITS) && options.full()) {
      limits(environment, results, options);
    }
    if (options.has(Part.REGISTER)) {
      new DocumentRegistrationBench(environment, results, options).all();
    }
    if (options.has(Part.LATENCY)) {
      new Latency(environment, results, options).all();
    }
    if (options.has(Part.LIFE)) {
      environment.fresh();
      new TaskThroughput(environment, results).all(options);
      standing.underLoad();
    }
    if (options.has(Part.SERVERS)) {
      servers(environment, results, options);
    }
    if (options.has(Part.BACKLOG)) {
      standing.backlog();
    }
    if (options.has(Part.GROWTH)) {
      new Growth(environment, results, options).all();
    }
    if (options.has(Part.LIMITS)) {
      limits(environment, results, options);
    }
  }

  private static void limits(BenchEnvironment environment, Measurements results, Options options)
      throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    SampleArchive.register(environment, round, 1);
    try (RawHttpConnection line = new RawHttpConnection(environment.server())) {
      line.post("/task", SampleArchive.assignment(round, 0, 1, "{}")).expect(200);
    }
    new BackendLimits(environment, results, options).measure(round);
    try (RawHttpConnection line = new RawHttpConnection(environment.server())) {
      line.delete("/task/" + SampleArchive.task(round, 0)).expect(204);
    }
  }

  /** One server and two, side by side; what is submitted and the workers are spread over them. */
  private static void servers(BenchEnvironment environment, Measurements results, Options options)
      throws Exception {
    environment.fresh();
    TaskThroughput life = new TaskThroughput(environment, results);
    for (int count = 1; count <= 2; count++) {
      if (count == 2) {
        environment.startServer();
      }
      try (BenchWorkerProcess worker =
          environment.worker(environment.all().get(count - 1), 8, true)) {
        life.once(worker, options.size(3_000, 20_000), "{}");
        life.many(
            "4,000, " + count + (count == 1 ? " server" : " servers"),
            worker,
            4_000,
            options.rounds(),
            "{}",
            count == 1 ? "" : "as with one");
      }
    }
    environment.stopOthers();
  }
}

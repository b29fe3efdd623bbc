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
    Results results = new Results(System.out, machine);
    ScratchDirectory scratch = ScratchDirectory.create("docket-bench");
    try (Lab lab = new Lab(scratch.path(), root.resolve("config.yml"), options)) {
      Thread end = new Thread(lab::close, "ends what was started");
      Runtime.getRuntime().addShutdownHook(end);
      machine.put(
          "elasticsearch",
          lab.store("GET", "/_nodes/_local/http", "").path("nodes").findPath("version").asText());
      System.out.println(machine);
      measure(lab, results, options);
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

  private static void measure(Lab lab, Results results, Options options) throws Exception {
    Standing standing = new Standing(lab, results, options);
    if (options.has(Part.STANDING)) {
      standing.start();
    } else {
      lab.fresh();
    }
    // Whatever is measured first would be measured cold, as neither JVM has compiled anything yet.
    new Registering(lab, results, options).warmUp();
    if (options.has(Part.LIMITS) && options.full()) {
      limits(lab, results, options);
    }
    if (options.has(Part.REGISTER)) {
      new Registering(lab, results, options).all();
    }
    if (options.has(Part.LATENCY)) {
      new Latency(lab, results, options).all();
    }
    if (options.has(Part.LIFE)) {
      lab.fresh();
      new Life(lab, results).all(options);
      standing.underLoad();
    }
    if (options.has(Part.SERVERS)) {
      servers(lab, results, options);
    }
    if (options.has(Part.BACKLOG)) {
      standing.backlog();
    }
    if (options.has(Part.GROWTH)) {
      new Growth(lab, results, options).all();
    }
    if (options.has(Part.LIMITS)) {
      limits(lab, results, options);
    }
  }

  private static void limits(Lab lab, Results results, Options options) throws Exception {
    String round = UUID.randomUUID().toString().substring(0, 8);
    Archive.register(lab, round, 1);
    try (HttpLine line = new HttpLine(lab.server())) {
      line.post("/task", Archive.assignment(round, 0, 1, "{}")).expect(200);
    }
    new Limits(lab, results, options).measure(round);
    try (HttpLine line = new HttpLine(lab.server())) {
      line.delete("/task/" + Archive.task(round, 0)).expect(204);
    }
  }

  /** One server and two, side by side; what is submitted and the workers are spread over them. */
  private static void servers(Lab lab, Results results, Options options) throws Exception {
    lab.fresh();
    Life life = new Life(lab, results);
    for (int count = 1; count <= 2; count++) {
      if (count == 2) {
        lab.startServer();
      }
      try (Worker worker = lab.worker(lab.all().get(count - 1), 8, true)) {
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
    lab.stopOthers();
  }
}

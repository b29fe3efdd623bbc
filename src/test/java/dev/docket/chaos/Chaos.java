package dev.docket.chaos;

import dev.docket.backends.ScratchDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Breaks things while tasks are submitted and done, mends them, and says whether every promise was
 * kept.
 */
public final class Chaos {

  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private Chaos() {}

  /** Exits with 0 only if all promises were kept. */
  public static void main(String[] arguments) throws Exception {
    Settings settings;
    try {
      settings = Settings.of(arguments);
    } catch (IllegalArgumentException bad) {
      System.err.println("chaos: " + bad.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(settings, System.out) ? 0 : 1);
  }

  /** Whether all promises were kept. The logs stay where they were not. */
  static boolean run(Settings settings, PrintStream out) throws Exception {
    settings.print(out);
    ScratchDirectory scratch = ScratchDirectory.create("docket-chaos");
    boolean kept = false;
    try (Installation house = new Installation(scratch.path())) {
      Thread end = new Thread(house::close, "ends what chaos has started");
      Runtime.getRuntime().addShutdownHook(end);
      kept = run(settings, house, out);
      Runtime.getRuntime().removeShutdownHook(end);
    } finally {
      if (kept) {
        scratch.close();
      } else {
        out.println("Logs and data are in " + scratch.path());
      }
    }
    return kept;
  }

  private static boolean run(Settings settings, Installation house, PrintStream out)
      throws Exception {
    awaitReady(house);
    out.println("All of it runs (" + Instant.now() + ").");
    AcceptedWork accepted = new AcceptedWork();
    Client client = new Client(house.address(), TIMEOUT);
    Submitter submitter = new Submitter(client, accepted, settings);
    try (RepairCounts repairs = new RepairCounts(house.servers().values())) {
      submitter.start();
      new Faults(house, accepted, out).run(FaultPlan.of(settings), settings.length());
      house.ended().forEach(name -> accepted.healthError(name + " has ended by itself"));
      Instant mended = Instant.now();
      out.println("All of it is mended (" + mended + ").");
      submitter.finish();
      out.println("All requests are answered (" + Instant.now() + ").");
      List<Client> servers =
          house.servers().values().stream().map(s -> new Client(s.uri(), TIMEOUT)).toList();
      Verdict.Outcome outcome =
          new Verdict(client, servers, mended, accepted, settings).reach(house.runLogs());
      Report report = new Report(out);
      report.table(settings, accepted, repairs, outcome);
      report.breaches(outcome.breaches(), client);
      return outcome.breaches().isEmpty();
    }
  }

  private static void awaitReady(Installation house) throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!house.isReady()) {
      if (System.nanoTime() - end > 0 || !house.ended().isEmpty()) {
        throw new IllegalStateException("not all of it starts: " + house.unready());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }
}

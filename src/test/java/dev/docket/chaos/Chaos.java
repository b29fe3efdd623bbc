package dev.docket.chaos;

import dev.docket.backends.ScratchDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The chaos test: injects faults into servers, workers and backends while tasks are submitted and
 * executed, repairs the faults, and checks the invariants.
 */
public final class Chaos {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(4);

  /** How long a client repeats a request until it gets a response. */
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private Chaos() {}

  /** Exits with 0 only if no invariant was violated. */
  public static void main(String[] arguments) throws Exception {
    Settings settings;
    try {
      settings = Settings.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("chaos: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(settings, System.out) ? 0 : 1);
  }

  /** Returns whether no invariant was violated. If one was, logs and data are kept. */
  static boolean run(Settings settings, PrintStream out) throws Exception {
    settings.print(out);
    ScratchDirectory scratch = ScratchDirectory.create("docket-chaos");
    boolean passed = false;
    try (SystemUnderTest system = new SystemUnderTest(scratch.path(), settings)) {
      Thread shutdownHook = new Thread(system::close, "chaos shutdown");
      Runtime.getRuntime().addShutdownHook(shutdownHook);
      passed = run(settings, system, out);
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } finally {
      if (passed) {
        scratch.close();
      } else {
        out.println("Logs and data are in " + scratch.path());
      }
    }
    return passed;
  }

  private static boolean run(Settings settings, SystemUnderTest system, PrintStream out)
      throws Exception {
    awaitReady(system);
    out.println("All programs are running (" + Instant.now() + ").");
    ChaosHistory history = new ChaosHistory();
    RetryingClient client = new RetryingClient(system.address(), TIMEOUT);
    Submitter submitter = new Submitter(client, history, settings);
    try (RepairCounts repairs = new RepairCounts(system.servers().values())) {
      submitter.start();
      new FaultInjector(system, history, out).run(FaultPlan.of(settings), settings.duration());
      system
          .endedPrograms()
          .forEach(name -> history.error(name + " has exited although no fault stopped it"));
      Instant repaired = Instant.now();
      out.println("All faults are repaired (" + repaired + ").");
      submitter.finish();
      out.println("All requests have a response (" + Instant.now() + ").");
      List<RetryingClient> servers =
          system.servers().values().stream()
              .map(server -> new RetryingClient(server.uri(), TIMEOUT))
              .toList();
      InvariantChecker.Result result =
          new InvariantChecker(
                  client,
                  servers,
                  new RetryingClient(system.elasticsearch(), TIMEOUT),
                  repaired,
                  history,
                  settings)
              .check(system.runLogs(), system::daneEvents);
      Report report = new Report(out);
      report.printTable(settings, history, repairs, result);
      report.printViolations(result.violations(), client);
      return result.violations().isEmpty();
    }
  }

  private static void awaitReady(SystemUnderTest system) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!system.isReady()) {
      if (System.nanoTime() - end > 0 || !system.endedPrograms().isEmpty()) {
        throw new IllegalStateException("some programs did not start: " + system.describeUnready());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }
}

package dev.docket.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Prints the results of the chaos test. */
final class Report {

  private static final int MAX_TASKS = 20;
  private static final int MAX_VIOLATIONS = 50;

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void printTable(
      Settings settings,
      ChaosHistory history,
      RepairCounts repairs,
      InvariantChecker.Result result) {
    Map<String, Long> faults =
        history.faults().stream()
            .collect(
                Collectors.groupingBy(
                    f -> f.fault().kind().label(), TreeMap::new, Collectors.counting()));
    Map<Integer, Long> states =
        result.snapshot().tasks().values().stream()
            .collect(
                Collectors.groupingBy(StoreChecks::state, TreeMap::new, Collectors.counting()));
    row("faults", history.faults().size() + " " + faults);
    row("requests", new TreeMap<>(history.requests()));
    row("documents", result.snapshot().documents().size());
    row("tasks", result.snapshot().tasks().size() + " by state " + states);
    row("results", result.snapshot().results().values().stream().mapToInt(List::size).sum());
    row(
        "separate payloads",
        result.payloads().separate()
            + " of "
            + result.payloads().separateBytes() / 1_000
            + " kB in total");
    row("swept parts", result.payloads().sweptParts() + " of payloads without a result");
    row("results taken back", result.dane().kept() + " saved again by a repeated request");
    row("claims granted", result.runs().grantedClaims());
    row("ends accepted", result.runs().acceptedEnds());
    row("late or duplicate", result.runs().refused() + " refused");
    row("repairs", repairs.total());
    row("republished", result.transitions().republished());
    row("false repairs", result.transitions().falseRepairs().size());
    result.limits().forEach(limited -> row("most runs of a key", limited.maxRunning()));
    row(
        "longest stall",
        seconds(result.transitions().longestStall()) + ", " + result.transitions().stalledTask());
    row("settled after", seconds(result.settledAfter()));
    row("last violation", result.lastViolation());
    row("drift", result.drift());
    row("violations", result.violations().size());
    row("seed", settings.seed());
  }

  private void row(String name, Object value) {
    out.printf(Locale.ROOT, "%-20s %s%n", name, value);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  /** Prints each violation, and the record, the history and the explanation of its task. */
  void printViolations(List<Violation> violations, RetryingClient client)
      throws InterruptedException, TimeoutException {
    violations.stream().limit(MAX_VIOLATIONS).forEach(v -> out.println("VIOLATION " + v));
    List<String> tasks =
        violations.stream()
            .map(Violation::task)
            .filter(task -> !task.isEmpty())
            .distinct()
            .limit(MAX_TASKS)
            .toList();
    for (String task : tasks) {
      out.println();
      out.println(client.get("/task/" + task).body());
      client
          .get("/task/" + task + "/history")
          .body()
          .forEach(transition -> out.println("  " + transition));
      RetryingClient.Response explain = client.get("/task/" + task + "/explain");
      if (explain.status() == 200) {
        out.println("  " + explain.body());
      }
    }
  }
}

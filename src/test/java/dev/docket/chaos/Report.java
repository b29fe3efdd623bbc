package dev.docket.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What came out, for people. */
final class Report {

  private static final int MAX_TASKS = 20;
  private static final int MAX_BREACHES = 50;

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void table(
      Settings settings, AcceptedWork accepted, RepairCounts repairs, Verdict.Outcome outcome) {
    Map<String, Long> faults =
        accepted.faults().stream()
            .collect(
                Collectors.groupingBy(
                    h -> h.fault().kind().label(), TreeMap::new, Collectors.counting()));
    Map<Integer, Long> states =
        outcome.evidence().tasks().values().stream()
            .collect(
                Collectors.groupingBy(StoreChecks::state, TreeMap::new, Collectors.counting()));
    row("faults", accepted.faults().size() + " " + faults);
    row("asked", new TreeMap<>(accepted.requests()));
    row("documents", outcome.evidence().documents().size());
    row("tasks", outcome.evidence().tasks().size() + " by state " + states);
    row("results", outcome.evidence().results().values().stream().mapToInt(List::size).sum());
    row("claims granted", outcome.runs().granted());
    row("ends taken", outcome.runs().taken());
    row("duplicates refused", outcome.runs().refused());
    row("repairs", repairs.total());
    row("sent again", outcome.transitions().sentAgain());
    row("false repairs", outcome.transitions().inVain().size());
    row(
        "longest stall",
        seconds(outcome.transitions().longestStall()) + ", " + outcome.transitions().stalled());
    row("settled after", seconds(outcome.settled()));
    row("waited last for", outcome.last());
    row("drift", outcome.drift());
    row("breaches", outcome.breaches().size());
    row("seed", settings.seed());
  }

  private void row(String name, Object value) {
    out.printf(Locale.ROOT, "%-20s %s%n", name, value);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  /** Each breach, and all that is known of the tasks. */
  void breaches(List<Breach> breaches, Client client)
      throws InterruptedException, TimeoutException {
    breaches.stream().limit(MAX_BREACHES).forEach(breach -> out.println("BREACH " + breach));
    List<String> tasks =
        breaches.stream()
            .map(Breach::task)
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
      Client.Answer explain = client.get("/task/" + task + "/explain");
      if (explain.status() == 200) {
        out.println("  " + explain.body());
      }
    }
  }
}

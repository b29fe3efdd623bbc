package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Checks the invariants repeatedly, until they hold or the time to settle is over. */
final class InvariantChecker {

  private static final long CHECK_INTERVAL_MILLIS = 1000;

  private final RetryingClient client;
  private final List<RetryingClient> servers;
  private final RetryingClient elasticsearch;
  private final Instant repaired;
  private final ChaosHistory history;
  private final Settings settings;

  InvariantChecker(
      RetryingClient client,
      List<RetryingClient> servers,
      RetryingClient elasticsearch,
      Instant repaired,
      ChaosHistory history,
      Settings settings) {
    this.client = client;
    this.servers = List.copyOf(servers);
    this.elasticsearch = elasticsearch;
    this.repaired = repaired;
    this.history = history;
    this.settings = settings;
  }

  /**
   * The result of all checks.
   *
   * @param settledAfter the time from the last repair until the invariants held
   * @param lastViolation a violation that the last failed check found
   * @param drift the drift that the servers report
   */
  record Result(
      List<Violation> violations,
      StoreSnapshot snapshot,
      RunChecks runs,
      PayloadChecks payloads,
      DaneChecks dane,
      HistoryStatistics transitions,
      List<LimitChecks> limits,
      Duration settledAfter,
      String lastViolation,
      String drift) {}

  /**
   * Checks all invariants.
   *
   * @param logs the {@link RunLog}s of the workers
   * @param daneEvents what the DANE worker has done
   */
  Result check(List<Path> logs, Supplier<List<JsonNode>> daneEvents)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    StoreSnapshot snapshot;
    StoredResults stored;
    List<Violation> violations;
    String drift;
    String lastViolation = "none";
    List<LimitChecks> limits = limits();
    while (true) {
      snapshot = StoreSnapshot.of(client);
      stored = StoredResults.of(elasticsearch);
      violations = new StoreChecks(history, snapshot).check();
      violations.addAll(new ResultChecks(stored, snapshot.tasks().keySet()).check());
      drift = checkDrift(violations);
      for (LimitChecks limited : limits) {
        violations.addAll(limited.checkSlots(client));
      }
      if (violations.isEmpty() || sinceRepair().compareTo(Settings.SETTLE_TIMEOUT) > 0) {
        break;
      }
      lastViolation = violations.get(0).toString();
      Thread.sleep(CHECK_INTERVAL_MILLIS);
    }
    Duration settledAfter = sinceRepair();
    List<Violation> all = new ArrayList<>(violations);
    history.errors().forEach(error -> all.add(new Violation("", error)));
    RunChecks runs = new RunChecks(StoreSnapshot.readRunLogs(logs));
    all.addAll(runs.check());
    DaneChecks dane = new DaneChecks(daneEvents.get());
    checkResults(snapshot, runs, dane, all);
    PayloadChecks payloads = new PayloadChecks(client, elasticsearch, stored);
    all.addAll(payloads.check(() -> LateSweep.run(elasticsearch.server())));
    Map<String, JsonNode> histories = StoreSnapshot.histories(client, snapshot.tasks().keySet());
    for (LimitChecks limited : limits) {
      all.addAll(limited.check(snapshot.tasks(), histories));
    }
    HistoryStatistics transitions = new HistoryStatistics(histories, history.faults());
    transitions
        .falseRepairs()
        .forEach(
            repair ->
                all.add(new Violation("", "republished although no message was lost: " + repair)));
    return new Result(
        all,
        snapshot,
        runs,
        payloads,
        dane,
        transitions,
        limits,
        settledAfter,
        lastViolation,
        drift);
  }

  /** DANE's workers do not claim; what they hold continues, so their key is not checked. */
  private List<LimitChecks> limits() {
    Integer limit = settings.limit();
    return limit == null ? List.of() : List.of(new LimitChecks("ALPHA", limit));
  }

  private Duration sinceRepair() {
    return Duration.between(repaired, Instant.now());
  }

  /**
   * Each server reports its own last comparison. At least one server must have compared after the
   * last repair.
   */
  private String checkDrift(List<Violation> violations)
      throws InterruptedException, TimeoutException {
    List<String> reports = new ArrayList<>();
    for (RetryingClient server : servers) {
      RetryingClient.Response response = server.get("/drift");
      if (response.status() != 200) {
        if (settings.kinds().size() == Fault.Kind.values().length) {
          violations.add(new Violation("", "GET /drift responds with status " + response.status()));
        }
        return "unknown";
      }
      JsonNode drift = response.body();
      if (drift.hasNonNull("missing")
          && Instant.parse(drift.path("at").asText()).isAfter(repaired)) {
        long missing = drift.path("missing").asLong();
        long surplus = drift.path("surplus").asLong();
        reports.add(missing + " missing, " + surplus + " surplus");
        if (missing != 0 || surplus != 0) {
          violations.add(new Violation("", "GET /drift reports drift: " + drift));
        }
      }
    }
    if (reports.isEmpty()) {
      violations.add(new Violation("", "GET /drift: no server has compared since the last repair"));
    }
    return String.join("; ", reports);
  }

  /** A task's results are exactly those that a worker sent for the run that ended the task. */
  private void checkResults(
      StoreSnapshot snapshot, RunChecks runs, DaneChecks dane, List<Violation> violations) {
    for (ExpectedTask expected : history.tasks().values()) {
      JsonNode task = snapshot.tasks().get(expected.id());
      if (task == null || StoreChecks.state(task) != 200) {
        continue;
      }
      List<JsonNode> results = snapshot.results().getOrDefault(expected.id(), List.of());
      if (expected.key().equals(SystemUnderTest.DANE_KEY)) {
        dane.check(expected, results);
      } else if (runs.succeeded(expected.id(), task.path("attempt").asInt())) {
        checkReported(expected.id(), task.path("attempt").asInt(), results, runs, violations);
      } else {
        violations.add(
            new Violation(expected.id(), "has succeeded, but no worker reported a success"));
      }
    }
    violations.addAll(dane.violations());
  }

  /** Compares the generators of the results, which contain the digests of their payloads. */
  private static void checkReported(
      String task,
      int attempt,
      List<JsonNode> results,
      RunChecks runs,
      List<Violation> violations) {
    Map<JsonNode, Integer> stored = new HashMap<>();
    results.forEach(result -> stored.merge(result.path("generator"), 1, Integer::sum));
    Map<JsonNode, Integer> reported = new HashMap<>();
    runs.reportedGenerators(task, attempt)
        .forEach(generator -> reported.merge(generator, 1, Integer::sum));
    if (!stored.equals(reported)) {
      violations.add(
          new Violation(
              task,
              "its results are not those that the worker of attempt "
                  + attempt
                  + " sent: stored "
                  + stored
                  + ", sent "
                  + reported));
    }
  }
}

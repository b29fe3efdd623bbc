package dev.docket.fuzz;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts the answers and collects the failures. Thread-safe. */
final class FuzzReport {

  private static final int MAX_FAILURES = 50;

  /** The share of requests that must get past validation, or the others hide what is behind it. */
  private static final double REQUIRED_SHARE = 1.0 / 3;

  /** With fewer requests the share says nothing. */
  private static final int MIN_REQUESTS_OF_SHARE = 500;

  private final FuzzSettings settings;
  private final Map<String, Integer> byStatus = new TreeMap<>();
  private final Map<String, Integer> withoutProblem = new TreeMap<>();
  private final Map<String, int[]> byRoute = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private int failed;
  private int sent;
  private int pastValidation;
  private int busy;
  private int unmutated;
  private int unmutatedPastValidation;
  private Duration slowest = Duration.ZERO;
  private String slowestRequest = "";

  FuzzReport(FuzzSettings settings) {
    this.settings = settings;
  }

  synchronized void add(int number, WireRequest request, Answer answer) {
    RequestDraft draft = request.draft();
    sent++;
    byStatus.merge(answer.status() == 0 ? "none" : answer.status() + "", 1, Integer::sum);
    int past = answer.isPastValidation() ? 1 : 0;
    pastValidation += past;
    busy += answer.isBusy() ? 1 : 0;
    int[] route = byRoute.computeIfAbsent(draft.route, name -> new int[4]);
    route[0]++;
    route[1] += past;
    if (draft.mutations.isEmpty()) {
      unmutated++;
      unmutatedPastValidation += past;
      route[2]++;
      route[3] += past;
    }
    if (answer.status() >= 400
        && !draft.method.equals("HEAD")
        && !answer.isProblemOrDialectError()) {
      withoutProblem.merge(answer.status() + "", 1, Integer::sum);
    }
    if (answer.time().compareTo(slowest) > 0) {
      slowest = answer.time();
      slowestRequest = describe(number, request, answer);
    }
    String failure = failure(draft, answer);
    if (!failure.isEmpty()) {
      fail(failure + ": " + describe(number, request, answer) + "\n    " + request.repeatable());
    }
  }

  private static String failure(RequestDraft draft, Answer answer) {
    if (answer.isServerError()) {
      return "server error";
    }
    if (answer.end() == Answer.End.HANG) {
      return "hang";
    }
    return answer.end() == Answer.End.CUT && !draft.isFramingBroken() ? "answer cut off" : "";
  }

  private String describe(int number, WireRequest request, Answer answer) {
    return "request %d of seed %d, %s %s, answered with %d after %d ms%s"
        .formatted(
            number,
            settings.seed(),
            request.draft().route,
            request.draft().mutations,
            answer.status(),
            answer.time().toMillis(),
            answer.status() >= 500 ? ": " + answer.body() : "");
  }

  synchronized void fail(String failure) {
    failed++;
    if (failures.size() < MAX_FAILURES) {
      failures.add(failure);
    }
  }

  /** Prints the figures and all failures. Returns whether there are no failures. */
  synchronized boolean print(PrintStream out, Duration time) {
    double share = (double) pastValidation / Math.max(1, sent);
    if (sent >= MIN_REQUESTS_OF_SHARE && share < REQUIRED_SHARE) {
      fail("only %.1f %% of the requests got past validation".formatted(100 * share));
    }
    row(out, "requests", sent + " in " + time.toSeconds() + " s");
    row(out, "by status", byStatus);
    row(out, "past validation", String.format(Locale.ROOT, "%.1f %%", 100 * share));
    row(out, "not mutated", unmutated + ", past validation " + unmutatedPastValidation);
    row(out, "busy (503)", busy);
    row(out, "not JSON, by status", withoutProblem);
    row(out, "slowest", slowestRequest);
    row(out, "failures", failed);
    row(out, "seed", settings.seed());
    failures.forEach(failure -> out.println("FAILURE " + failure));
    return failed == 0;
  }

  /** Prints how many requests of each route got past validation, also of those not mutated. */
  synchronized void printRoutes(PrintStream out) {
    byRoute.forEach(
        (route, counts) ->
            out.printf(
                Locale.ROOT,
                "  %5d %5d past validation, not mutated %4d %4d  %s%n",
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                route));
  }

  private static void row(PrintStream out, String name, Object value) {
    out.printf(Locale.ROOT, "%-20s %s%n", name, value);
  }
}

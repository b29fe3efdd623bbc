package dev.docket.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a chaos test.
 *
 * @param duration how long faults are injected
 * @param seed the same seed gives the same faults at the same times, and the same submissions
 * @param kinds the kinds of faults that may be injected
 * @param tasksPerSecond the rate of submissions
 * @param maxTasks the number of tasks after which no more are submitted
 * @param limit the concurrency of limited keys; null if no key is limited
 */
record Settings(
    Duration duration,
    long seed,
    Set<Fault.Kind> kinds,
    double tasksPerSecond,
    int maxTasks,
    @Nullable Integer limit) {

  /** After the last fault is repaired, the invariants must hold within this time. */
  static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(60);

  /** The broker section of the servers' configuration. */
  static final String BROKER = "heartbeat: 5s, connectionTimeout: 3s, statisticsInterval: 1s";

  private static final String SERVER_CONFIG =
      """
      tasks: {lease: 5s, backoff: 1s, backoffMax: 4s, maxAttempts: 100}
      sweeps: {overdue: 500ms, leases: 1s, unroutable: 1s, purge: 500ms, backlog: 5s, unanswered: 5s,
               waiting: 2s, census: 2s}
      """;

  /** The rest of the servers' configuration, except for addresses and ports. */
  String serverConfig() {
    String limits = limit == null ? "" : "limits: {concurrency: " + limit + "}";
    return SERVER_CONFIG
        + "keys: {ALPHA: {%s}, %s: {protocol: dane%s}}\n"
            .formatted(limits, SystemUnderTest.DANE_KEY, limits.isEmpty() ? "" : ", " + limits);
  }

  Settings {
    kinds = Set.copyOf(kinds);
  }

  /**
   * Reads {@code [minutes] [seed] [--only KIND,…] [--without KIND,…] [--rate TASKS] [--limit
   * RUNS]}.
   *
   * @throws IllegalArgumentException if an argument is invalid; the message says what is allowed
   */
  static Settings of(String... arguments) {
    double minutes = 5;
    long seed = ThreadLocalRandom.current().nextLong(1_000_000);
    double rate = 15;
    Integer limit = null;
    EnumSet<Fault.Kind> kinds = EnumSet.allOf(Fault.Kind.class);
    int positional = 0;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--only" -> kinds.retainAll(kinds(value(arguments, ++i)));
        case "--without" -> kinds.removeAll(kinds(value(arguments, ++i)));
        case "--limit" -> limit = Integer.valueOf(value(arguments, ++i));
        case "--rate" -> rate = Double.parseDouble(value(arguments, ++i));
        default -> {
          switch (positional++) {
            case 0 -> minutes = Double.parseDouble(arguments[i]);
            case 1 -> seed = Long.parseLong(arguments[i]);
            default ->
                throw new IllegalArgumentException(
                    "unexpected argument "
                        + arguments[i]
                        + "; see scripts/chaos --help for the options");
          }
        }
      }
    }
    Duration duration = Duration.ofMillis((long) (minutes * 60_000));
    return new Settings(duration, seed, kinds, rate, 20_000, limit);
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length) {
      throw new IllegalArgumentException("option " + arguments[at - 1] + " requires a value");
    }
    return arguments[at];
  }

  private static Set<Fault.Kind> kinds(String list) {
    EnumSet<Fault.Kind> kinds = EnumSet.noneOf(Fault.Kind.class);
    Arrays.stream(list.split(",")).map(String::strip).map(Settings::kind).forEach(kinds::add);
    return kinds;
  }

  private static Fault.Kind kind(String name) {
    return Arrays.stream(Fault.Kind.values())
        .filter(kind -> kind.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown fault %s; allowed are %s"
                        .formatted(
                            name,
                            Arrays.stream(Fault.Kind.values()).map(Fault.Kind::label).toList())));
  }

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "chaos: %d s, seed %d, faults %s, %.0f tasks/s, at most %d tasks%n",
        duration.toSeconds(),
        seed,
        kinds.stream().sorted().map(Fault.Kind::label).toList(),
        tasksPerSecond,
        maxTasks);
    out.println("  broker: {" + BROKER + "}");
    out.print(serverConfig().indent(2));
  }
}

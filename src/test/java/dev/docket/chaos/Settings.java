package dev.docket.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a run goes.
 *
 * @param length how long things are broken
 * @param seed the same one gives the same faults at the same times, and the same submissions
 * @param kinds what may happen
 * @param tasksPerSecond how many are submitted
 * @param mostTasks then no more are submitted
 */
record Settings(
    Duration length, long seed, Set<Fault.Kind> kinds, double tasksPerSecond, int mostTasks) {

  /** From the last mending on, all promises must be kept within this time. */
  static final Duration SETTLE = Duration.ofSeconds(60);

  /** Of the broker, as it is here. */
  static final String BROKER = "heartbeat: 5s, connectionTimeout: 3s, statisticsInterval: 1s";

  /** What the servers are configured with, besides addresses and ports. */
  static final String RULES =
      """
      tasks: {lease: 5s, backoff: 1s, backoffMax: 4s, maxAttempts: 100}
      keys: {DANEWORK: {protocol: dane}}
      sweeps: {overdue: 500ms, leases: 1s, unroutable: 1s, purge: 500ms, backlog: 5s, unanswered: 5s,
               waiting: 2s, census: 2s}
      """;

  Settings {
    kinds = Set.copyOf(kinds);
  }

  /**
   * Reads {@code [minutes] [seed] [--only KIND,…] [--without KIND,…] [--rate TASKS]}.
   *
   * @throws IllegalArgumentException saying what is allowed
   */
  static Settings of(String... arguments) {
    double minutes = 5;
    long seed = ThreadLocalRandom.current().nextLong(1_000_000);
    double rate = 15;
    EnumSet<Fault.Kind> kinds = EnumSet.allOf(Fault.Kind.class);
    int plain = 0;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--only" -> kinds.retainAll(kinds(value(arguments, ++i)));
        case "--without" -> kinds.removeAll(kinds(value(arguments, ++i)));
        case "--rate" -> rate = Double.parseDouble(value(arguments, ++i));
        default -> {
          switch (plain++) {
            case 0 -> minutes = Double.parseDouble(arguments[i]);
            case 1 -> seed = Long.parseLong(arguments[i]);
            default -> throw new IllegalArgumentException("what is " + arguments[i] + "?");
          }
        }
      }
    }
    Duration length = Duration.ofMillis((long) (minutes * 60_000));
    return new Settings(length, seed, kinds, rate, 20_000);
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length) {
      throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
    }
    return arguments[at];
  }

  private static Set<Fault.Kind> kinds(String list) {
    EnumSet<Fault.Kind> kinds = EnumSet.noneOf(Fault.Kind.class);
    Arrays.stream(list.split(","))
        .map(name -> Fault.Kind.valueOf(name.strip().toUpperCase(Locale.ROOT)))
        .forEach(kinds::add);
    return kinds;
  }

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "chaos: %d s, seed %d, kinds %s, %.0f tasks/s, at most %d%n",
        length.toSeconds(),
        seed,
        kinds.stream().sorted().map(Fault.Kind::label).toList(),
        tasksPerSecond,
        mostTasks);
    out.println("  broker: {" + BROKER + "}");
    out.print(RULES.indent(2));
  }
}

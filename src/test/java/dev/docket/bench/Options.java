package dev.docket.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The options of the benchmark.
 *
 * @param full whether to measure thoroughly, which takes about half an hour instead of five minutes
 * @param out the file for the measurements as JSON
 * @param profile the directory for the flight recordings of the servers; null for none
 */
record Options(boolean full, Set<Part> parts, Path out, Path profile) {

  /** The parts that can be measured separately. */
  enum Part {
    LIMITS,
    STANDING,
    REGISTER,
    LIFE,
    LATENCY,
    SERVERS,
    BACKLOG,
    CONCURRENCY,
    GROWTH;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Options {
    parts = Set.copyOf(parts);
  }

  /**
   * Reads {@code [quick|full] [--only PART,…] [--out FILE] [--profile DIRECTORY]}.
   *
   * @throws IllegalArgumentException if an argument is invalid; the message says what is allowed
   */
  static Options of(String... arguments) {
    boolean full = false;
    Path out = Path.of("bench.json");
    Path profile = null;
    Set<Part> parts = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "quick" -> full = false;
        case "full" -> full = true;
        case "--only" -> parts = parts(value(arguments, ++i));
        case "--out" -> out = Path.of(value(arguments, ++i));
        case "--profile" -> profile = Path.of(value(arguments, ++i)).toAbsolutePath();
        default ->
            throw new IllegalArgumentException(
                "unexpected argument "
                    + arguments[i]
                    + "; see scripts/bench --help for the options");
      }
    }
    if (parts == null) {
      // Two parts are too slow for a quick run: two servers take twice as long to warm up, and a
      // backlog takes long to process.
      parts =
          full
              ? EnumSet.allOf(Part.class)
              : EnumSet.complementOf(EnumSet.of(Part.SERVERS, Part.BACKLOG, Part.CONCURRENCY));
    }
    return new Options(full, parts, out, profile);
  }

  private static Set<Part> parts(String list) {
    EnumSet<Part> parts = EnumSet.noneOf(Part.class);
    for (String name : list.split(",", -1)) {
      parts.add(
          Arrays.stream(Part.values())
              .filter(part -> part.label().equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "unknown part "
                              + name
                              + "; the parts are "
                              + Arrays.stream(Part.values()).map(Part::label).toList())));
    }
    return parts;
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length) {
      throw new IllegalArgumentException("option " + arguments[at - 1] + " requires a value");
    }
    return arguments[at];
  }

  boolean has(Part part) {
    return parts.contains(part);
  }

  /** Returns the first number for a quick run, the second for a full one. */
  int size(int quick, int thorough) {
    return full ? thorough : quick;
  }

  /** The number of rounds of each measurement. */
  int rounds() {
    return size(3, 5);
  }
}

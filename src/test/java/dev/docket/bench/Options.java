package dev.docket.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What is measured.
 *
 * @param full thoroughly, in less than an hour; else in less than five minutes
 * @param out where the figures are written as JSON
 * @param profile where the servers leave flight recordings; null: they make none
 */
record Options(boolean full, Set<Part> parts, Path out, Path profile) {

  /** What can be measured by itself. */
  enum Part {
    LIMITS,
    STANDING,
    REGISTER,
    LIFE,
    LATENCY,
    SERVERS,
    BACKLOG,
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
   * @throws IllegalArgumentException saying what is allowed
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
        default -> throw new IllegalArgumentException("what is " + arguments[i] + "?");
      }
    }
    if (parts == null) {
      // Two servers compile for twice as long before they can be compared, and a backlog takes long
      // to be worked off.
      parts =
          full
              ? EnumSet.allOf(Part.class)
              : EnumSet.complementOf(EnumSet.of(Part.SERVERS, Part.BACKLOG));
    }
    return new Options(full, parts, out, profile);
  }

  private static Set<Part> parts(String list) {
    EnumSet<Part> parts = EnumSet.noneOf(Part.class);
    for (String word : list.split(",", -1)) {
      parts.add(
          Arrays.stream(Part.values())
              .filter(part -> part.label().equals(word.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no part "
                              + word
                              + "; there are "
                              + Arrays.stream(Part.values()).map(Part::label).toList())));
    }
    return parts;
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length) {
      throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
    }
    return arguments[at];
  }

  boolean has(Part part) {
    return parts.contains(part);
  }

  /** One of two numbers. */
  int size(int quick, int thorough) {
    return full ? thorough : quick;
  }

  /** How often each is measured. */
  int rounds() {
    return size(3, 5);
  }
}

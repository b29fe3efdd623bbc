package dev.docket.fuzz;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The settings of a run.
 *
 * @param count the number of requests
 * @param seed the same seed gives the same requests
 * @param only the number of the only request to send, from 0; -1 to send all
 */
record FuzzSettings(int count, long seed, int only) {

  private static final int DEFAULT_COUNT = 2_000;

  FuzzSettings(int count, long seed) {
    this(count, seed, -1);
  }

  /**
   * Reads {@code [N] [SEED] [--only NUMBER]}.
   *
   * @throws IllegalArgumentException if an argument is invalid; the message says what is allowed
   */
  static FuzzSettings of(String... arguments) {
    int count = DEFAULT_COUNT;
    long seed = ThreadLocalRandom.current().nextLong(1_000_000);
    int only = -1;
    int positional = 0;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--only") && i + 1 < arguments.length) {
        only = number("NUMBER", arguments[++i], 0);
      } else if (positional == 0) {
        count = number("N", arguments[i], 1);
        positional++;
      } else if (positional == 1) {
        seed = number("SEED", arguments[i], 0);
        positional++;
      } else {
        throw new IllegalArgumentException(
            "unexpected argument " + arguments[i] + "; see scripts/fuzz --help for the options");
      }
    }
    return new FuzzSettings(count, seed, only);
  }

  private static int number(String name, String text, int minimum) {
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < minimum) {
      throw new IllegalArgumentException(
          name + " must be a number of at least " + minimum + " (was " + text + ")");
    }
    return Integer.parseInt(text);
  }
}

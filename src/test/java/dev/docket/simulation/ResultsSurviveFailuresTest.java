package dev.docket.simulation;

import org.junit.jupiter.api.Test;

/**
 * After any interleaving of operations and failures, exactly the results of the listed runs are
 * stored, once and with their payloads, and searches find them as what they are.
 */
final class ResultsSurviveFailuresTest {

  private static final int SEEDS = Integer.getInteger("docket.seeds", 1_500);
  private static final int OPERATIONS = 25;

  @Test
  void exactlyListedResultsRemain() {
    for (long seed = 0; seed < SEEDS; seed++) {
      ResultOperations operations = new ResultOperations(seed);
      try {
        operations.run(OPERATIONS);
        Recovery.verify(operations.shared);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "seed " + seed + ":\n" + String.join("\n", operations.log), failure);
      }
    }
  }
}

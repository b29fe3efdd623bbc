package dev.docket.chaos;

import java.util.Set;

/**
 * The expected end of a task that the server has accepted.
 *
 * @param ends the states it may end in
 * @param results the number of its results if it succeeds
 * @param minAttempt the attempt after its last retry; 1 if it was not retried
 * @param deleted whether it must not exist any more
 * @param dependency the task that must succeed before this one; null if there is none
 */
record ExpectedTask(
    String id,
    String document,
    String key,
    Set<Integer> ends,
    int results,
    int minAttempt,
    boolean deleted,
    String dependency) {

  ExpectedTask {
    ends = Set.copyOf(ends);
  }

  ExpectedTask withEnds(Set<Integer> newEnds) {
    return new ExpectedTask(id, document, key, newEnds, results, minAttempt, deleted, dependency);
  }

  ExpectedTask withMinAttempt(int attempt) {
    return new ExpectedTask(id, document, key, ends, results, attempt, deleted, dependency);
  }

  ExpectedTask asDeleted() {
    return new ExpectedTask(id, document, key, ends, results, minAttempt, true, dependency);
  }
}

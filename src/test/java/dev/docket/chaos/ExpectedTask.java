package dev.docket.chaos;

import java.util.Set;

/**
 * The expected end of a task that the server has accepted.
 *
 * @param ends the states it may end in
 * @param results the number of its results if it succeeds
 * @param takenBack the number of further results that its worker saves and deletes again
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
    int takenBack,
    int minAttempt,
    boolean deleted,
    String dependency) {

  ExpectedTask {
    ends = Set.copyOf(ends);
  }

  ExpectedTask withEnds(Set<Integer> newEnds) {
    return new ExpectedTask(
        id, document, key, newEnds, results, takenBack, minAttempt, deleted, dependency);
  }

  ExpectedTask withMinAttempt(int attempt) {
    return new ExpectedTask(
        id, document, key, ends, results, takenBack, attempt, deleted, dependency);
  }

  ExpectedTask asDeleted() {
    return new ExpectedTask(
        id, document, key, ends, results, takenBack, minAttempt, true, dependency);
  }
}

package dev.docket.chaos;

import java.util.Set;

/**
 * What is to become of a task that the server has accepted.
 *
 * @param ends the states it may end in
 * @param results how many results it has if it succeeds
 * @param leastAttempt it was sent on its way again: the attempt that it then had
 * @param deleted whether it is to be gone
 * @param after the task that must have succeeded if this one does, or null
 */
record Promise(
    String id,
    String document,
    String key,
    Set<Integer> ends,
    int results,
    int leastAttempt,
    boolean deleted,
    String after) {

  Promise {
    ends = Set.copyOf(ends);
  }

  Promise withEnds(Set<Integer> others) {
    return new Promise(id, document, key, others, results, leastAttempt, deleted, after);
  }

  Promise withLeastAttempt(int attempt) {
    return new Promise(id, document, key, ends, results, attempt, deleted, after);
  }

  Promise gone() {
    return new Promise(id, document, key, ends, results, leastAttempt, true, after);
  }
}

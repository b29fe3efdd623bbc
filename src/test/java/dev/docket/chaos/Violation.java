package dev.docket.chaos;

/**
 * A violated invariant.
 *
 * @param task the id of the task; empty if it does not concern one task
 */
record Violation(String task, String description) {
  @Override
  public String toString() {
    return task.isEmpty() ? description : task + ": " + description;
  }
}

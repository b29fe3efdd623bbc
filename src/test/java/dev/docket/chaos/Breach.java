package dev.docket.chaos;

/**
 * A promise that was not kept.
 *
 * @param task whose, or empty
 */
record Breach(String task, String what) {
  @Override
  public String toString() {
    return task.isEmpty() ? what : task + ": " + what;
  }
}

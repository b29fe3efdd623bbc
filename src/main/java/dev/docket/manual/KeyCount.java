package dev.docket.manual;

import dev.docket.task.TaskKey;

/** The number of tasks of a key. */
public record KeyCount(TaskKey key, long count) {

  /** The maximum number of keys that are counted. */
  public static final int MAX_KEYS = 200;
}

package dev.docket.limit;

import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import java.util.Optional;
import java.util.Set;

/** The keys of which no task is handed out for another reason than their limits. Never blocks. */
public interface KeyHolds {

  /** Why no task of the key is handed out; empty if they are. */
  Optional<KeyLimits.Hold> of(TaskKey key);

  /** The keys of which no task is handed out. */
  Set<TaskKey> keys();
}

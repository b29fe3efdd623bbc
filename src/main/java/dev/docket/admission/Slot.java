package dev.docket.admission;

import dev.docket.task.Admission;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the places of a key with a concurrency limit. At most one run occupies it at a time.
 *
 * @param number from 1
 * @param task the task whose run occupies the slot; null if the slot is free
 * @param admission the id of that run's admission; null if the slot is free
 */
public record Slot(TaskKey key, int number, @Nullable TaskId task, @Nullable String admission) {

  /** A free slot. */
  public static Slot free(TaskKey key, int number) {
    return new Slot(key, number, null, null);
  }

  /** The slot with a run of the task in it. */
  Slot with(TaskId occupant, String admissionId) {
    return new Slot(key, number, occupant, admissionId);
  }

  boolean isFree() {
    return admission == null;
  }

  /** Whether a run with this admission occupies the slot. */
  boolean isOccupiedBy(@Nullable Admission other) {
    return other != null && Objects.equals(other.id(), admission);
  }
}

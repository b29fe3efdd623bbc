package dev.docket.workerapi;

import dev.docket.http.InvalidRequest;
import dev.docket.task.WorkerInstance;
import org.jspecify.annotations.Nullable;

/** Validates the ids of workers' processes. */
final class InstanceIds {

  private InstanceIds() {}

  /**
   * Does nothing if there is no id.
   *
   * @throws InvalidRequest if the id is invalid
   */
  static void requireValid(String pointer, @Nullable String id) {
    if (id != null && !WorkerInstance.ID.matcher(id).matches()) {
      throw InvalidRequest.field(pointer, "must be 1 to 128 characters of A-Z a-z 0-9 _ -");
    }
  }
}

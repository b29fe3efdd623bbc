package dev.docket.dialect.dane.importing;

import dev.docket.task.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * The state of an imported task.
 *
 * @param answeredState DANE's number, if the task ended without success
 */
record ImportedState(TaskState state, @Nullable Integer answeredState) {

  /** What becomes of a task with this number in DANE. */
  static ImportedState of(int number) {
    return switch (number) {
      case 200 -> new ImportedState(TaskState.SUCCESS, null);
      // DANE sends these again for ever, except 102, which it never looks at again.
      case 102, 201, 205, 502, 503 -> new ImportedState(TaskState.CREATED, null);
      case 412 -> new ImportedState(TaskState.UNFINISHED_DEPENDENCY, null);
      case 422 -> new ImportedState(TaskState.NO_ROUTE_TO_QUEUE, null);
      case 400 -> new ImportedState(TaskState.BAD_REQUEST, number);
      case 403 -> new ImportedState(TaskState.ACCESS_DENIED, number);
      case 404 -> new ImportedState(TaskState.NOT_FOUND, number);
      default -> new ImportedState(TaskState.ERROR, number);
    };
  }

  boolean isSuccess() {
    return state == TaskState.SUCCESS;
  }

  /** Whether DANE stores this number itself, or a worker that follows its description. */
  static boolean isKnown(int number) {
    return number == TaskState.ERROR.number() || of(number).state() != TaskState.ERROR;
  }
}

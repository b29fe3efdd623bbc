package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as DANE's clients and workers read it.
 *
 * @param msg the last word on it; where nobody has said anything, DANE's word for the state
 * @param args left out where there are none
 */
record DaneTask(
    @JsonProperty("_id") String id,
    String key,
    int state,
    String msg,
    int priority,
    String createdAt,
    String updatedAt,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> args) {

  static DaneTask of(Task task) {
    return new DaneTask(
        task.id().value(),
        task.key().value(),
        task.state().number(),
        task.message().isEmpty() ? label(task.state()) : task.message(),
        task.spec().priority(),
        DaneTime.text(task.createdAt()),
        DaneTime.text(task.updatedAt()),
        task.spec().args());
  }

  private static String label(TaskState state) {
    return switch (state) {
      case CREATED -> "Created";
      case QUEUED -> "Queued";
      case PROCESSING -> "Processing";
      case SUCCESS -> "Success";
      case TASK_RESET -> "Manual reset";
      case UNFINISHED_DEPENDENCY -> "Unfinished dependencies";
      case NO_ROUTE_TO_QUEUE -> "Unroutable task";
      case CANCELLED -> "Cancelled";
      case BAD_REQUEST,
          ACCESS_DENIED,
          NOT_FOUND,
          TIMED_OUT,
          FAILED_DEPENDENCY,
          ERROR,
          ERROR_INVALID_INPUT,
          ERROR_PROXY ->
          "";
    };
  }
}

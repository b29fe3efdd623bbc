package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.task.Task;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as most of DANE's answers show it.
 *
 * @param state a number, as a text
 * @param args {@code {"*":null}} if there are none: DANE's web page reads the object
 */
record DaneTask(
    @JsonProperty("_id") String id,
    String key,
    String state,
    String msg,
    int priority,
    String createdAt,
    String updatedAt,
    Map<String, @Nullable Object> args) {

  static DaneTask of(ShownTask shown) {
    Task task = shown.task();
    Map<String, @Nullable Object> args = task.spec().args();
    return new DaneTask(
        task.id().value(),
        task.key().value(),
        String.valueOf(shown.state()),
        shown.message(),
        task.spec().priority(),
        DaneTime.text(task.createdAt()),
        DaneTime.text(task.updatedAt()),
        args.isEmpty() ? DaneResponses.NO_FIELDS : args);
  }

  /**
   * A task as {@code GET /task/} shows it, and only that call.
   *
   * @param createdAt omitted if it is null, as is the next
   * @param args omitted if there are none
   */
  record InProgress(
      String key,
      @JsonProperty("_id") String id,
      int state,
      String msg,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String createdAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String updatedAt,
      int priority,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> args) {

    static InProgress of(ShownTask shown) {
      Task task = shown.task();
      return new InProgress(
          task.key().value(),
          task.id().value(),
          shown.state(),
          shown.message(),
          DaneTime.text(task.createdAt()),
          DaneTime.text(task.updatedAt()),
          task.spec().priority(),
          task.spec().args());
    }

    /** The same, as DANE 0.2 showed it. */
    InProgress withoutTimes() {
      return new InProgress(key, id, state, msg, null, null, priority, args);
    }
  }
}

package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.dialect.dane.DaneResult;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.dialect.dane.DaneTime;
import dev.docket.document.Creator;
import dev.docket.document.Document;
import dev.docket.document.Target;
import dev.docket.result.Result;
import dev.docket.result.ResultViews;
import dev.docket.task.Task;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as DANE's index shows it.
 *
 * @param routing the id of the parent; null for a document
 */
record Hit(@JsonProperty("_id") String id, @Nullable String routing, Source source) {

  /** The source of a record. */
  sealed interface Source {}

  /** A document in DANE's index. */
  record DocumentSource(
      Target target, Creator creator, String createdAt, String updatedAt, String role)
      implements Source {}

  /** A task in DANE's index. */
  record TaskSource(TaskPart task, Role role, String createdAt, String updatedAt)
      implements Source {}

  /** The task without its times. */
  record TaskPart(
      String key,
      int state,
      String msg,
      int priority,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> args) {}

  /** A result in DANE's index. */
  record ResultSource(ResultPart result, Role role, String createdAt, String updatedAt)
      implements Source {

    ResultSource withPayload(@Nullable Object payload) {
      return new ResultSource(
          new ResultPart(result.generator(), payload), role, createdAt, updatedAt);
    }
  }

  /**
   * The result without its times.
   *
   * @param payload a {@code JsonNode}, or a stored payload that can only be written to a stream
   */
  record ResultPart(Map<String, String> generator, @Nullable Object payload) {}

  /** The place of a task or result below its parent. */
  record Role(String name, String parent) {}

  static Hit of(Document document) {
    return new Hit(
        document.id().value(),
        null,
        new DocumentSource(
            document.target(),
            document.creator(),
            DaneTime.text(document.createdAt()),
            DaneTime.text(document.updatedAt()),
            "document"));
  }

  static Hit of(ShownTask shown) {
    Task task = shown.task();
    String parent = task.spec().document().id().value();
    return new Hit(
        task.id().value(),
        parent,
        new TaskSource(
            new TaskPart(
                task.key().value(),
                shown.state(),
                shown.message(),
                task.spec().priority(),
                task.spec().args()),
            new Role("task", parent),
            DaneTime.text(task.createdAt()),
            DaneTime.text(task.updatedAt())));
  }

  static Hit of(Result result, ResultViews views) {
    String parent = result.taskId().value();
    String time = DaneTime.text(result.createdAt());
    return new Hit(
        result.id().value(),
        parent,
        new ResultSource(
            new ResultPart(DaneResult.generator(result), views.payload(result)),
            new Role("result", parent),
            time,
            time));
  }
}

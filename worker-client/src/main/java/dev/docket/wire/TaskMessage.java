package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a task message. It has exactly DANE's fields and no others, because DANE's workers
 * pass all fields to constructors. Times have the format {@code yyyy-MM-ddTHH:mm:ss} in UTC. The
 * body does not contain the run; the {@code correlation_id} does, see {@link RunId}.
 */
public record TaskMessage(TaskPart task, DocumentPart document) {

  /**
   * The task.
   *
   * @param msg the task's last message; empty if there is none
   * @param state the number of the task's state when the message was sent
   * @param args the task's arguments; omitted if there are none
   */
  public record TaskPart(
      String key,
      @JsonProperty("_id") String id,
      int state,
      String msg,
      @JsonProperty("created_at") String createdAt,
      @JsonProperty("updated_at") String updatedAt,
      int priority,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable Map<String, Object> args) {}

  /**
   * The document that the task is about.
   *
   * @param target {@code id}, {@code url}, {@code type} and any other submitted fields
   * @param creator {@code id}, {@code type} and any other submitted fields
   */
  public record DocumentPart(
      @JsonProperty("_id") String id,
      Map<String, Object> target,
      Map<String, Object> creator,
      @JsonProperty("created_at") String createdAt,
      @JsonProperty("updated_at") String updatedAt) {}
}

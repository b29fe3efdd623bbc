package dev.docket.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a task's message: exactly DANE's fields and no other, because DANE's workers pass
 * them to constructors. Times are {@code yyyy-MM-ddTHH:mm:ss} in UTC. The run is not in it: it
 * travels in the {@code correlation_id}, see {@link RunId}.
 */
public record TaskMessage(TaskPart task, DocumentPart document) {

  /**
   * The task.
   *
   * @param msg the task's last message, empty where there is none
   * @param state the number of the task's state when it was sent
   * @param args the task's arguments; left out when there are none
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
   * @param target {@code id}, {@code url}, {@code type} and whatever else was submitted
   * @param creator {@code id}, {@code type} and whatever else was submitted
   */
  public record DocumentPart(
      @JsonProperty("_id") String id,
      Map<String, Object> target,
      Map<String, Object> creator,
      @JsonProperty("created_at") String createdAt,
      @JsonProperty("updated_at") String updatedAt) {}
}

package dev.docket.worker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.Collectors;

/**
 * Does one task.
 *
 * <p>It is called on one of the worker's task threads, as many at once as the worker's concurrency,
 * so it must be safe for that. What it throws ends the task: an {@link InterruptedException} (or
 * anything else) after a cancel was requested with 499, after the worker was told to stop with a
 * give-back, and at any other time every exception and error with 500 and its class and message.
 * The worker lives on in every case.
 *
 * <p>A task can be computed more than once: if this worker dies or loses its lease, another run is
 * made. So a handler that writes somewhere should be able to write the same thing twice.
 */
@FunctionalInterface
public interface TaskHandler {

  /** Does the task and says what came out; never null. */
  Outcome handle(Task task, TaskContext context) throws Exception;

  /**
   * A handler whose arguments are read into a class by Jackson. Arguments that cannot be read end
   * the task with 400 and the name of the field; so do arguments that the class does not have,
   * unless it is annotated with {@code @JsonIgnoreProperties(ignoreUnknown = true)}.
   */
  static <A> TaskHandler typed(Class<A> type, TypedTaskHandler<A> handler) {
    ObjectMapper mapper =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    return (task, context) -> {
      A args;
      try {
        args = mapper.convertValue(task.args(), type);
      } catch (IllegalArgumentException unreadable) {
        return Outcome.badRequest(describe(unreadable));
      }
      return handler.handle(args, task, context);
    };
  }

  private static String describe(IllegalArgumentException unreadable) {
    if (!(unreadable.getCause() instanceof JsonMappingException mapping)) {
      return "args: " + unreadable.getMessage();
    }
    String path =
        mapping.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getFieldName())
            .collect(Collectors.joining());
    return "args" + path + ": " + mapping.getOriginalMessage();
  }
}

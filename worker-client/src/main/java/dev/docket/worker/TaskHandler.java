package dev.docket.worker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.Collectors;

/**
 * Executes one task.
 *
 * <p>The worker calls a handler on its task threads, on as many at the same time as its
 * concurrency, so a handler must be thread-safe.
 *
 * <p>A handler may throw any exception or error. The task then ends with 500 and the class and
 * message of the exception. Two cases differ: a cancelled task ends with 499, and a task whose
 * handler was interrupted because the worker stops is given back. The worker continues in every
 * case.
 *
 * <p>A task can be computed more than once: if this worker dies or loses its lease, the server
 * starts another run. A handler that writes to another system should therefore be idempotent.
 */
@FunctionalInterface
public interface TaskHandler {

  /** Executes the task and returns its outcome, never null. */
  Outcome handle(Task task, TaskContext context) throws Exception;

  /**
   * Returns a handler that receives the arguments as an object of a class, read by Jackson.
   * Arguments that Jackson cannot read end the task with 400 and the name of the field. Arguments
   * that the class does not have do the same, unless the class is annotated with
   * {@code @JsonIgnoreProperties(ignoreUnknown = true)}.
   */
  static <A> TaskHandler typed(Class<A> type, TypedTaskHandler<A> handler) {
    ObjectMapper mapper =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    return (task, context) -> {
      A args;
      try {
        args = mapper.convertValue(task.args(), type);
      } catch (IllegalArgumentException invalidArgs) {
        return Outcome.badRequest(describe(invalidArgs));
      }
      return handler.handle(args, task, context);
    };
  }

  private static String describe(IllegalArgumentException invalidArgs) {
    if (!(invalidArgs.getCause() instanceof JsonMappingException mapping)) {
      return "args: " + invalidArgs.getMessage();
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

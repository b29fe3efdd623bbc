package dev.docket.task;

import dev.docket.http.Problem.FieldError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of new tasks of a key. Arguments of existing tasks are not checked again.
 * Never blocks; may be called from any thread.
 */
@FunctionalInterface
public interface ArgumentCheck {

  /** Accepts all arguments. */
  ArgumentCheck NONE = (key, args, pointer) -> new Checked(args, List.of());

  /**
   * The outcome of a check.
   *
   * @param args the arguments with the defaults of the key
   * @param violations what is wrong with each invalid argument; empty if all are valid
   */
  record Checked(Map<String, @Nullable Object> args, List<FieldError> violations) {
    public Checked {
      violations = List.copyOf(violations);
    }
  }

  /**
   * Checks arguments.
   *
   * @param pointer where the arguments are in the request, as a JSON pointer
   */
  Checked check(TaskKey key, Map<String, @Nullable Object> args, String pointer);
}

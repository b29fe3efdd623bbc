package dev.docket.auth;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The caller is limited to other task keys. */
public final class TaskKeyForbidden extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private TaskKeyForbidden(String taskKey, Set<String> allowed) {
    super(
        Kind.FORBIDDEN,
        "this caller may not use the task key %s; allowed are %s"
            .formatted(taskKey, String.join(", ", new TreeSet<>(allowed))));
  }

  /**
   * Checks that a caller may use a task key.
   *
   * @throws TaskKeyForbidden if it may not
   */
  public static void check(Caller caller, String taskKey) {
    Set<String> allowed = caller.taskKeys();
    if (allowed != null && !caller.mayUse(taskKey)) {
      throw new TaskKeyForbidden(taskKey, allowed);
    }
  }

  /**
   * Checks that a caller may use all of these task keys.
   *
   * @throws TaskKeyForbidden if it may not; names the first of the others
   */
  public static void check(Caller caller, Collection<String> taskKeys) {
    taskKeys.stream().sorted().forEach(key -> check(caller, key));
  }
}

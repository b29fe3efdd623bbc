package dev.docket.task;

import dev.docket.auth.Caller;
import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** The key is already assigned to the document; names the existing task. */
public final class TaskExists extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final transient Task existing;

  private TaskExists(Task existing, String message, Map<String, Object> members) {
    super(Kind.CONFLICT, message, List.of(), members);
    this.existing = existing;
  }

  public TaskExists(Task existing) {
    this(
        existing,
        existing.deleted()
            ? "task " + existing.id() + " is being deleted; try again in a moment"
            : assigned(existing) + " as task " + existing.id(),
        Map.of("existing", existing.id().value()));
  }

  private static String assigned(Task existing) {
    return "key "
        + existing.key()
        + " is already assigned to document "
        + existing.spec().document().id();
  }

  /** Returns the problem for a caller. It names the task only if the caller sees it. */
  TaskExists shownTo(Caller caller) {
    return caller.sees().includes(existing.spec().owner())
        ? this
        : new TaskExists(existing, assigned(existing), Map.of());
  }

  public Task existing() {
    return existing;
  }
}

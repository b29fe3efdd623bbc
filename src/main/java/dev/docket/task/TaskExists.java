package dev.docket.task;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** The key is already assigned to the document; names the existing task. */
public final class TaskExists extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final transient Task existing;

  public TaskExists(Task existing) {
    super(
        Kind.CONFLICT,
        existing.deleted()
            ? "task " + existing.id() + " is being deleted; try again in a moment"
            : "key "
                + existing.key()
                + " is already assigned to document "
                + existing.spec().document().id()
                + " as task "
                + existing.id(),
        List.of(),
        Map.of("existing", existing.id().value()));
    this.existing = existing;
  }

  public Task existing() {
    return existing;
  }
}

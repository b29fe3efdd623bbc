package dev.docket.document;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** The pair of target and creator is already registered. The problem names that document. */
public final class DocumentExists extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final transient Document existing;

  public DocumentExists(Document existing) {
    super(
        Kind.CONFLICT,
        "this target of this creator is already registered as document " + existing.id(),
        List.of(),
        Map.of("existing", existing.id().value()));
    this.existing = existing;
  }

  /** The document that the pair has. */
  public Document existing() {
    return existing;
  }
}

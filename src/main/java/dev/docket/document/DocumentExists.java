package dev.docket.document;

import dev.docket.auth.OwnerFilter;
import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** The pair of target and creator is already registered. The problem names that document. */
public final class DocumentExists extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final transient Document existing;

  private DocumentExists(Document existing, String message, Map<String, Object> members) {
    super(Kind.CONFLICT, message, List.of(), members);
    this.existing = existing;
  }

  /** Returns the problem. It names the document only if it has one of these owners. */
  static DocumentExists of(Document existing, OwnerFilter owners) {
    String message = "this target of this creator is already registered";
    return owners.includes(existing.owner())
        ? new DocumentExists(
            existing,
            message + " as document " + existing.id(),
            Map.of("existing", existing.id().value()))
        : new DocumentExists(existing, message, Map.of());
  }

  /** The document that the pair has. */
  public Document existing() {
    return existing;
  }
}

package dev.docket.document;

import dev.docket.http.Problem;
import java.io.Serial;

/** The document is not the one that the caller has seen. */
public final class DocumentChanged extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public DocumentChanged(DocumentId id) {
    super(
        Kind.PRECONDITION_FAILED,
        "If-Match: document " + id + " is not the one that is meant; read it again");
  }
}

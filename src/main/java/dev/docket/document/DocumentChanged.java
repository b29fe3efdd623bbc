package dev.docket.document;

import dev.docket.http.Problem;
import java.io.Serial;

/** The document does not have the ETag that the request requires. */
public final class DocumentChanged extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public DocumentChanged(DocumentId id) {
    super(
        Kind.PRECONDITION_FAILED,
        "If-Match: document " + id + " does not have this ETag; read it again");
  }
}

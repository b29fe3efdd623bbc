package dev.docket.document;

import dev.docket.http.Problem;
import java.io.Serial;

/** The document does not exist or is deleted. */
public final class DocumentNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public DocumentNotFound(DocumentId id) {
    super(Kind.NOT_FOUND, "there is no document " + id);
  }
}

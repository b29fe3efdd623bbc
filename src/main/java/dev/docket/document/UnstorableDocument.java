package dev.docket.document;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store rejects this document, and nothing was written. A retry does not help. */
public final class UnstorableDocument extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public UnstorableDocument(String reason) {
    super(Kind.INVALID, "the store rejects the document: " + reason);
  }
}

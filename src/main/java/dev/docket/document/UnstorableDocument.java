package dev.docket.document;

import dev.docket.http.Problem;
import java.io.Serial;

/** The store will never take this document; nothing was written. */
public final class UnstorableDocument extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public UnstorableDocument(String why) {
    super(Kind.INVALID, "the store refuses the document: " + why);
  }
}

package dev.docket.dialect.dane;

import dev.docket.document.Document;
import dev.docket.http.Problem;
import java.io.Serial;

/** The pair of target and creator is registered already; carries the document that it has. */
final class DocumentAlreadyExists extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private final transient Document existing;

  DocumentAlreadyExists(Document existing) {
    super(
        Kind.CONFLICT,
        "A document with target.id `%s`, and creator.id `%s` already exists"
            .formatted(existing.target().id(), existing.creator().id()));
    this.existing = existing;
  }

  Document existing() {
    return existing;
  }
}

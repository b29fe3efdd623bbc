package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.document.Creator;
import dev.docket.document.Document;
import dev.docket.document.Target;

/** A document as DANE's clients read it. */
record DaneDocument(
    @JsonProperty("_id") String id,
    Target target,
    Creator creator,
    String createdAt,
    String updatedAt) {

  static DaneDocument of(Document document) {
    return new DaneDocument(
        document.id().value(),
        document.target(),
        document.creator(),
        DaneTime.text(document.createdAt()),
        DaneTime.text(document.updatedAt()));
  }

  /** As the search by path answers: without times. */
  record Found(@JsonProperty("_id") String id, Target target, Creator creator) {

    static Found of(Document document) {
      return new Found(document.id().value(), document.target(), document.creator());
    }
  }
}

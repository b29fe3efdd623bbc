package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.Document;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import org.jspecify.annotations.Nullable;

/** A document as DANE's clients read it. Other keys of target and creator are not shown. */
record DaneDocument(
    @JsonProperty("_id") String id,
    TargetPart target,
    CreatorPart creator,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String createdAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String updatedAt) {

  /** What the document is about. */
  record TargetPart(String id, String url, TargetType type) {
    private static TargetPart of(Target target) {
      return new TargetPart(target.id(), target.url(), target.type());
    }
  }

  /** Who registered it. */
  record CreatorPart(String id, CreatorType type) {
    private static CreatorPart of(Creator creator) {
      return new CreatorPart(creator.id(), creator.type());
    }
  }

  static DaneDocument of(Document document) {
    return new DaneDocument(
        document.id().value(),
        TargetPart.of(document.target()),
        CreatorPart.of(document.creator()),
        DaneTime.text(document.createdAt()),
        DaneTime.text(document.updatedAt()));
  }

  /** The document as the searches of DANE 0.2 show it. */
  DaneDocument withoutTimes() {
    return new DaneDocument(id, target, creator, null, null);
  }
}

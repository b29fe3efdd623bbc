package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Owner;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document as readers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentView(
    DocumentId id,
    Target target,
    Creator creator,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version,
    Document.@Nullable Predecessor predecessor,
    @Nullable Owner owner) {

  public static DocumentView of(Document document) {
    return new DocumentView(
        document.id(),
        document.target(),
        document.creator(),
        document.metadata(),
        document.createdAt(),
        document.updatedAt(),
        document.version(),
        document.predecessor(),
        document.owner().orNull());
  }
}

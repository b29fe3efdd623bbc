package dev.docket.elastic.record;

import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The stored form of a creator. {@code extra} holds the keys that are not indexed. */
record CreatorRecord(
    String id,
    CreatorType type,
    @Nullable String name,
    @Nullable Map<String, @Nullable Object> extra) {

  CreatorRecord {
    Objects.requireNonNull(id, "creator.id");
    Objects.requireNonNull(type, "creator.type");
  }

  static CreatorRecord of(Creator creator) {
    return new CreatorRecord(
        creator.id(), creator.type(), creator.name(), OmitEmpty.asNull(creator.extra()));
  }

  Creator creator() {
    return new Creator(id, type, name, OmitEmpty.ifNull(extra));
  }
}

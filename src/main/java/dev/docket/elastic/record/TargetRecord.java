package dev.docket.elastic.record;

import dev.docket.document.Target;
import dev.docket.document.TargetType;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The stored form of a target. {@code extra} holds the keys that are not indexed. */
record TargetRecord(
    String id, String url, TargetType type, @Nullable Map<String, @Nullable Object> extra) {

  TargetRecord {
    Objects.requireNonNull(id, "target.id");
    Objects.requireNonNull(url, "target.url");
    Objects.requireNonNull(type, "target.type");
  }

  static TargetRecord of(Target target) {
    return new TargetRecord(
        target.id(), target.url(), target.type(), OmitEmpty.asNull(target.extra()));
  }

  Target target() {
    return new Target(id, url, type, OmitEmpty.ifNull(extra));
  }
}

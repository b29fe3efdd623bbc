package dev.docket.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies of free-form JSON objects: in the order given, with their nulls, not to be changed. */
public final class ImmutableJson {

  private ImmutableJson() {}

  /** A copy of the map, an empty one for null. {@code Map.copyOf} would refuse a JSON null. */
  public static Map<String, @Nullable Object> map(@Nullable Map<String, @Nullable Object> map) {
    return map == null || map.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}

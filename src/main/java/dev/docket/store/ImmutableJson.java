package dev.docket.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Unmodifiable copies of free-form JSON objects, which keep the order of keys and JSON nulls. */
public final class ImmutableJson {

  private ImmutableJson() {}

  /** Copies the map; null becomes an empty map. {@code Map.copyOf} would reject a JSON null. */
  public static Map<String, @Nullable Object> map(@Nullable Map<String, @Nullable Object> map) {
    return map == null || map.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}

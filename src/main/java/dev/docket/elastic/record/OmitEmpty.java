package dev.docket.elastic.record;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Omits empty lists and objects from records, to keep the records small. */
final class OmitEmpty {

  private OmitEmpty() {}

  static <V extends @Nullable Object> @Nullable Map<String, V> asNull(Map<String, V> map) {
    return map.isEmpty() ? null : map;
  }

  static <T> @Nullable List<T> asNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }

  static <V extends @Nullable Object> Map<String, V> ifNull(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : map;
  }

  static <T> List<T> ifNull(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}

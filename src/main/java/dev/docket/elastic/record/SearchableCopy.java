package dev.docket.elastic.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The searchable copy of free-form JSON. Elasticsearch rejects a whole record for one key that is
 * too long or one object that is nested too deeply, so the copy is limited to what Elasticsearch
 * accepts. The record also contains the complete original, which is not indexed.
 */
public final class SearchableCopy {

  /** The maximum nesting depth of objects and lists; deeper ones are omitted. */
  static final int MAX_DEPTH = 10;

  /** The maximum number of values, in their order in the JSON; further ones are omitted. */
  static final int MAX_LEAVES = 200;

  static final int MAX_KEY_LENGTH = 256;
  static final int MAX_VALUE_LENGTH = 1000;

  /** The key of a value that is not an object. */
  private static final String UNNAMED_KEY = "value";

  private int leaves;

  private SearchableCopy() {}

  /** Copies an object. Returns null if it has no searchable values. */
  static @Nullable Map<String, Object> of(Map<String, @Nullable Object> original) {
    return original.isEmpty() ? null : nullIfEmpty(new SearchableCopy().object(original, 1));
  }

  /** Copies any JSON value; one that is not an object gets the key {@code value}. */
  static @Nullable Map<String, Object> of(JsonNode original) {
    Object plain = RecordJson.mapper().convertValue(original, Object.class);
    if (plain == null) {
      return null;
    }
    return nullIfEmpty(
        new SearchableCopy()
            .object(plain instanceof Map<?, ?> map ? map : Map.of(UNNAMED_KEY, plain), 1));
  }

  /** Returns the value of a filter as the copy contains it. */
  public static String truncated(String field, String value) {
    return field.contains("_search.") ? truncate(value, MAX_VALUE_LENGTH) : value;
  }

  /** Returns the texts in a copy, for full-text search. */
  static List<String> texts(@Nullable Map<String, Object> copy) {
    List<String> texts = new ArrayList<>();
    if (copy != null) {
      collect(copy.values(), texts);
    }
    return texts;
  }

  private static void collect(Iterable<?> values, List<String> texts) {
    for (Object value : values) {
      if (value instanceof Map<?, ?> map) {
        collect(map.values(), texts);
      } else if (value instanceof List<?> list) {
        collect(list, texts);
      } else if (value instanceof String text) {
        texts.add(text);
      }
    }
  }

  private static @Nullable Map<String, Object> nullIfEmpty(Map<String, Object> map) {
    return map.isEmpty() ? null : map;
  }

  private Map<String, Object> object(Map<?, ?> original, int depth) {
    Map<String, Object> copy = new LinkedHashMap<>();
    Iterator<? extends Map.Entry<?, ?>> entries = original.entrySet().iterator();
    while (entries.hasNext() && leaves < MAX_LEAVES) {
      Map.Entry<?, ?> entry = entries.next();
      Object value = value(entry.getValue(), depth);
      if (value != null) {
        copy.put(truncate(String.valueOf(entry.getKey()), MAX_KEY_LENGTH), value);
      }
    }
    return copy;
  }

  private List<Object> list(Iterable<?> original, int depth) {
    List<Object> copy = new ArrayList<>();
    Iterator<?> items = original.iterator();
    while (items.hasNext() && leaves < MAX_LEAVES) {
      Object value = value(items.next(), depth);
      if (value != null) {
        copy.add(value);
      }
    }
    return copy;
  }

  private @Nullable Object value(@Nullable Object original, int depth) {
    if (original == null) {
      return null;
    }
    if (original instanceof Map<?, ?> map) {
      return depth < MAX_DEPTH ? nullIfEmpty(object(map, depth + 1)) : null;
    }
    if (original instanceof Iterable<?> items) {
      List<Object> copy = depth < MAX_DEPTH ? list(items, depth + 1) : List.of();
      return copy.isEmpty() ? null : copy;
    }
    leaves++;
    return truncate(original.toString(), MAX_VALUE_LENGTH);
  }

  /** Truncates a text without splitting a surrogate pair, and replaces NUL. */
  private static String truncate(String text, int maxLength) {
    return beginning(text, maxLength).replace('\0', '\uFFFD');
  }

  /** Returns the beginning of a text, without half a surrogate pair; all of it if it is short. */
  static String beginning(String text, int maxLength) {
    int end = text.length();
    if (end > maxLength) {
      end = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
    }
    return text.substring(0, end);
  }
}

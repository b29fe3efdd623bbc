package dev.docket.elastic.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is searched of free-form JSON: a copy that Elasticsearch can always take, since it refuses a
 * whole record for one key that is too long or one object that is too deep. The original is kept
 * whole beside it.
 */
public final class SearchableCopy {

  /** Objects and lists inside each other; what is deeper is left out. */
  static final int MAX_DEPTH = 10;

  /** Values, in the order in which they stand; further ones are left out. */
  static final int MAX_LEAVES = 200;

  static final int MAX_KEY_LENGTH = 256;
  static final int MAX_VALUE_LENGTH = 1000;

  /** The name for a value that has none, as it is no object. */
  private static final String UNNAMED_KEY = "value";

  private int leaves;

  private SearchableCopy() {}

  /** A copy of an object; null if nothing of it can be searched. */
  static @Nullable Map<String, Object> of(Map<String, @Nullable Object> whole) {
    return whole.isEmpty() ? null : nullIfEmpty(new SearchableCopy().object(whole, 1));
  }

  /** A copy of any JSON value; one that is no object is called {@code value}. */
  static @Nullable Map<String, Object> of(JsonNode whole) {
    Object plain = RecordJson.mapper().convertValue(whole, Object.class);
    if (plain == null) {
      return null;
    }
    return nullIfEmpty(
        new SearchableCopy()
            .object(plain instanceof Map<?, ?> map ? map : Map.of(UNNAMED_KEY, plain), 1));
  }

  /** A value that is looked for, as the copy has it. */
  public static String asSearched(String field, String value) {
    return field.contains("_search.") ? cut(value, MAX_VALUE_LENGTH) : value;
  }

  /** The texts in a copy, which are what full text is searched in. */
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

  private Map<String, Object> object(Map<?, ?> whole, int depth) {
    Map<String, Object> copy = new LinkedHashMap<>();
    Iterator<? extends Map.Entry<?, ?>> entries = whole.entrySet().iterator();
    while (entries.hasNext() && leaves < MAX_LEAVES) {
      Map.Entry<?, ?> entry = entries.next();
      Object value = value(entry.getValue(), depth);
      if (value != null) {
        copy.put(cut(String.valueOf(entry.getKey()), MAX_KEY_LENGTH), value);
      }
    }
    return copy;
  }

  private List<Object> list(Iterable<?> whole, int depth) {
    List<Object> copy = new ArrayList<>();
    Iterator<?> items = whole.iterator();
    while (items.hasNext() && leaves < MAX_LEAVES) {
      Object value = value(items.next(), depth);
      if (value != null) {
        copy.add(value);
      }
    }
    return copy;
  }

  private @Nullable Object value(@Nullable Object whole, int depth) {
    if (whole == null) {
      return null;
    }
    if (whole instanceof Map<?, ?> map) {
      return depth < MAX_DEPTH ? nullIfEmpty(object(map, depth + 1)) : null;
    }
    if (whole instanceof Iterable<?> items) {
      List<Object> copy = depth < MAX_DEPTH ? list(items, depth + 1) : List.of();
      return copy.isEmpty() ? null : copy;
    }
    leaves++;
    return cut(whole.toString(), MAX_VALUE_LENGTH);
  }

  /** The beginning of a text, without NUL, and without half a character at the end. */
  private static String cut(String text, int longest) {
    int end = text.length();
    if (end > longest) {
      end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    }
    return text.substring(0, end).replace('\0', '\uFFFD');
  }
}

package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a source that a client asks for by {@code _source}. Paths have dots between names,
 * and {@code *} stands for any text, also for dots. A name includes or excludes all that is below.
 */
final class SourceFilter extends TokenFilter {

  /** The whole source. */
  static final SourceFilter EVERYTHING = of(List.of(), List.of());

  private final List<String> includes;
  private final List<String> excludes;
  private final String path;
  private final boolean included;

  private SourceFilter(
      List<String> includes, List<String> excludes, String path, boolean included) {
    this.includes = includes;
    this.excludes = excludes;
    this.path = path;
    this.included = included;
  }

  /**
   * A filter.
   *
   * @param includes empty for everything
   */
  static SourceFilter of(List<String> includes, List<String> excludes) {
    return new SourceFilter(List.copyOf(includes), List.copyOf(excludes), "", includes.isEmpty());
  }

  /**
   * Reads the value of {@code _source}: absent, a boolean, a pattern, a list of patterns, or an
   * object with {@code includes} and {@code excludes}.
   *
   * @return null if no source is wanted
   * @throws InvalidQuery if it is something else
   */
  static @Nullable SourceFilter read(JsonNode source) {
    if (source.isMissingNode() || source.isNull()) {
      return EVERYTHING;
    }
    if (source.isBoolean()) {
      return source.booleanValue() ? EVERYTHING : null;
    }
    if (!source.isObject()) {
      return of(patterns(source), List.of());
    }
    for (Map.Entry<String, JsonNode> member : source.properties()) {
      String name = member.getKey();
      if (!List.of("includes", "include", "excludes", "exclude").contains(name)) {
        throw InvalidQuery.parsing("Unknown key for a START_OBJECT in [" + name + "].");
      }
    }
    List<String> includes = new ArrayList<>(patterns(source.path("includes")));
    includes.addAll(patterns(source.path("include")));
    List<String> excludes = new ArrayList<>(patterns(source.path("excludes")));
    excludes.addAll(patterns(source.path("exclude")));
    return of(includes, excludes);
  }

  private static List<String> patterns(JsonNode value) {
    if (value.isMissingNode()) {
      return List.of();
    }
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    List<String> all = new ArrayList<>();
    for (JsonNode pattern : value) {
      if (!pattern.isTextual()) {
        throw InvalidQuery.parsing("Unknown key for a VALUE in [_source].");
      }
      all.add(pattern.textValue());
    }
    if (!value.isArray()) {
      throw InvalidQuery.parsing("Expected a boolean, text, array or object in [_source]");
    }
    return all;
  }

  /** Whether the whole value is wanted. */
  boolean wantsAll() {
    return included && excludes.isEmpty();
  }

  @Override
  public @Nullable TokenFilter includeProperty(String name) {
    String below = path.isEmpty() ? name : path + "." + name;
    if (excludes.stream().anyMatch(pattern -> matches(pattern, below))) {
      return null;
    }
    boolean includedBelow =
        included || includes.stream().anyMatch(pattern -> matches(pattern, below));
    List<String> further =
        excludes.stream().filter(pattern -> mayMatchBelow(pattern, below)).toList();
    if (includedBelow) {
      return further.isEmpty() ? INCLUDE_ALL : new SourceFilter(includes, further, below, true);
    }
    return includes.stream().anyMatch(pattern -> mayMatchBelow(pattern, below))
        ? new SourceFilter(includes, further, below, false)
        : null;
  }

  @Override
  public boolean includeEmptyObject(boolean contentsFiltered) {
    return included || path.isEmpty();
  }

  @Override
  public boolean includeEmptyArray(boolean contentsFiltered) {
    return included;
  }

  @Override
  protected boolean _includeScalar() {
    return included;
  }

  static boolean matches(String pattern, String text) {
    return positions(pattern, text).get(pattern.length());
  }

  private static boolean mayMatchBelow(String pattern, String text) {
    return !positions(pattern, text + ".").isEmpty();
  }

  /** The positions in the pattern that can be reached with the text. */
  private static BitSet positions(String pattern, String text) {
    BitSet reached = new BitSet();
    reach(reached, pattern, 0);
    for (int i = 0; i < text.length() && !reached.isEmpty(); i++) {
      BitSet next = new BitSet();
      for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
        if (at < pattern.length() && pattern.charAt(at) == '*') {
          reach(next, pattern, at);
        } else if (at < pattern.length() && pattern.charAt(at) == text.charAt(i)) {
          reach(next, pattern, at + 1);
        }
      }
      reached = next;
    }
    return reached;
  }

  private static void reach(BitSet reached, String pattern, int from) {
    int at = from;
    reached.set(at);
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      reached.set(++at);
    }
  }
}

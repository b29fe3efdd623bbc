package dev.docket.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} header (RFC 9110).
 *
 * @param any whether the header is {@code *}
 * @param strong strong tags, with quotes
 * @param weak weak tags, with quotes but without {@code W/}
 */
public record EntityTags(boolean any, List<String> strong, List<String> weak) {

  private static final Pattern TAG =
      Pattern.compile("[ \\t]*(W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")[ \\t]*(,|$)");

  public EntityTags {
    strong = List.copyOf(strong);
    weak = List.copyOf(weak);
  }

  /**
   * Parses a header; empty if it was not sent.
   *
   * @throws InvalidRequest that names the header, if it is invalid
   */
  public static Optional<EntityTags> read(String header, List<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    String text = String.join(",", values).strip();
    if (text.equals("*")) {
      return Optional.of(new EntityTags(true, List.of(), List.of()));
    }
    List<String> strong = new ArrayList<>();
    List<String> weak = new ArrayList<>();
    Matcher tag = TAG.matcher(text);
    int position = 0;
    boolean hasNext = true;
    while (hasNext) {
      if (!tag.find() || tag.start() != position) {
        throw InvalidRequest.field(
            header, "must be * or a comma-separated list of entity tags in double quotes");
      }
      (tag.group(1) == null ? strong : weak).add(tag.group(2));
      hasNext = !tag.group(3).isEmpty();
      position = tag.end();
    }
    return Optional.of(new EntityTags(false, strong, weak));
  }

  /** Matches for {@code If-Match}, which ignores weak tags. */
  public boolean matchStrongly(String tag) {
    return any || strong.contains(tag);
  }

  /** Matches for {@code If-None-Match}. */
  public boolean match(String tag) {
    return any || strong.contains(tag) || weak.contains(tag);
  }
}

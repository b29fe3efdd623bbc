package dev.docket.document;

import dev.docket.http.InvalidRequest;
import dev.docket.http.idempotency.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} (RFC 9110).
 *
 * @param any whether it is a {@code *}
 * @param strong with their quotes
 * @param weak with their quotes, without the {@code W/}
 */
record EntityTags(boolean any, List<String> strong, List<String> weak) {

  private static final Pattern TAG =
      Pattern.compile("[ \\t]*(W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")[ \\t]*(,|$)");

  EntityTags {
    strong = List.copyOf(strong);
    weak = List.copyOf(weak);
  }

  /**
   * The same in every server, and for every copy. What a document says never changes once it is
   * registered, so which registration it comes from tells it from all others.
   */
  static String of(Document document) {
    String registration =
        document.id() + "\0" + document.creationToken() + '\0' + document.updatedAt();
    return '"' + Fingerprint.sha256(registration).substring(0, 32) + '"';
  }

  /**
   * Reads a header; empty if it was not sent.
   *
   * @throws InvalidRequest naming the header
   */
  static Optional<EntityTags> read(String header, List<String> values) {
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
    int at = 0;
    boolean more = true;
    while (more) {
      if (!tag.find() || tag.start() != at) {
        throw InvalidRequest.field(
            header, "must be * or entity tags in double quotes, with commas between");
      }
      (tag.group(1) == null ? strong : weak).add(tag.group(2));
      more = !tag.group(3).isEmpty();
      at = tag.end();
    }
    return Optional.of(new EntityTags(false, strong, weak));
  }

  /** For {@code If-Match}: a weak tag is none that a change may rely on. */
  boolean matchStrongly(String tag) {
    return any || strong.contains(tag);
  }

  /** For {@code If-None-Match}. */
  boolean match(String tag) {
    return any || strong.contains(tag) || weak.contains(tag);
  }
}

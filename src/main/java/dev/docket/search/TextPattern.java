package dev.docket.search;

/**
 * A pattern with wildcards: {@code *} matches any characters, {@code ?} matches one, and a
 * backslash escapes the next character.
 *
 * @param pattern the pattern with its escapes
 */
public record TextPattern(String pattern) {

  /** In characters. Elasticsearch compiles a pattern to an automaton, which must stay small. */
  private static final int MAX_WILDCARD_PATTERN_LENGTH = 256;

  private static final int MAX_WILDCARDS = 16;
  private static final int MAX_LENGTH = 8192;

  public TextPattern {
    int escapes = 0;
    int wildcards = 0;
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '*', '?' -> wildcards++;
        case '\\' -> {
          escapes++;
          i++;
          if (i == pattern.length()) {
            throw new IllegalArgumentException(
                "must not end with a single backslash; write \\\\ for a backslash");
          }
        }
        default -> {}
      }
    }
    if (pattern.length() - escapes > MAX_LENGTH) {
      throw new IllegalArgumentException("must be at most " + MAX_LENGTH + " characters");
    }
    if (wildcards > MAX_WILDCARDS
        || (wildcards > 0 && pattern.length() > MAX_WILDCARD_PATTERN_LENGTH)) {
      throw new IllegalArgumentException(
          "must be at most %s characters with at most %s wildcards (* and ?)"
              .formatted(MAX_WILDCARD_PATTERN_LENGTH, MAX_WILDCARDS));
    }
  }

  /**
   * Returns a pattern that matches exactly this text.
   *
   * @throws IllegalArgumentException if it is longer than 8192 characters
   */
  public static TextPattern literal(String text) {
    return new TextPattern(escape(text, "\\*?"));
  }

  /**
   * Returns a pattern for a text in which {@code *} is the only wildcard and nothing is escaped.
   *
   * @throws IllegalArgumentException if it is too long or has too many wildcards
   */
  public static TextPattern stars(String text) {
    return new TextPattern(escape(text, "\\?"));
  }

  private static String escape(String text, String special) {
    StringBuilder pattern = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special.indexOf(c) >= 0) {
        pattern.append('\\');
      }
      pattern.append(c);
    }
    return pattern.toString();
  }

  /** Returns whether all wildcards are escaped. */
  public boolean exact() {
    return firstWildcard() == pattern.length();
  }

  /** Returns whether the pattern matches every text. */
  public boolean any() {
    return !pattern.isEmpty() && pattern.chars().allMatch(c -> c == '*');
  }

  /** Returns whether the only wildcard is a {@code *} at the end. */
  public boolean prefix() {
    return firstWildcard() == pattern.length() - 1 && pattern.endsWith("*");
  }

  /** Returns whether a text matches. Takes at most the product of both lengths. */
  boolean matches(String text) {
    int at = 0;
    int from = 0;
    int star = -1;
    int retry = 0;
    while (from < text.length()) {
      char c = at < pattern.length() ? pattern.charAt(at) : 0;
      int literal = c == '\\' ? at + 1 : at;
      if (c == '*') {
        star = at++;
        retry = from;
      } else if (at < pattern.length()
          && (c == '?' || pattern.charAt(literal) == text.charAt(from))) {
        at = literal + 1;
        from++;
      } else if (star >= 0) {
        // The last star takes one more character.
        at = star + 1;
        from = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  /** Returns the text before the first wildcard, without escapes: all of it if it is exact. */
  public String literal() {
    StringBuilder text = new StringBuilder();
    int end = firstWildcard();
    for (int i = 0; i < end; i++) {
      if (pattern.charAt(i) == '\\') {
        i++;
      }
      text.append(pattern.charAt(i));
    }
    return text.toString();
  }

  private int firstWildcard() {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*' || c == '?') {
        return i;
      }
      if (c == '\\') {
        i++;
      }
    }
    return pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}

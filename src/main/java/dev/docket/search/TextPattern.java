package dev.docket.search;

/**
 * What a text may be like: {@code *} stands for any characters, {@code ?} for one, and a backslash
 * takes the next character as it is.
 *
 * @param pattern as it was asked for
 */
public record TextPattern(String pattern) {

  /** In characters. Elasticsearch builds an automaton of a pattern, and it must not be large. */
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
                "a backslash at the end escapes nothing; write two for one");
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
          "must be at most "
              + MAX_WILDCARD_PATTERN_LENGTH
              + " characters with at most "
              + MAX_WILDCARDS
              + " of * and ?");
    }
  }

  /**
   * That the text is exactly this one, whatever is in it.
   *
   * @throws IllegalArgumentException if it is longer than 8192 characters
   */
  public static TextPattern literal(String text) {
    return new TextPattern(escaped(text, "\\*?"));
  }

  /**
   * For those who know no other wildcard than {@code *}, and no escapes.
   *
   * @throws IllegalArgumentException if it is too long, or has too many stars
   */
  public static TextPattern stars(String text) {
    return new TextPattern(escaped(text, "\\?"));
  }

  private static String escaped(String text, String special) {
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

  /** Whether it has none but escaped wildcards. */
  public boolean exact() {
    return firstWildcard() == pattern.length();
  }

  /** Whether its only wildcard is a star at the end. */
  public boolean prefix() {
    return firstWildcard() == pattern.length() - 1 && pattern.endsWith("*");
  }

  /** The text before the first wildcard, without escapes: all of it if it is exact. */
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

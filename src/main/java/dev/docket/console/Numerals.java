package dev.docket.console;

import dev.docket.http.InvalidRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads numbers that people write, with the decimal digits of any script. */
final class Numerals {

  private static final int MAX_LENGTH = 100;
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");
  private static final char ARABIC_POINT = '\u066B';
  private static final char MINUS = '\u2212';

  private Numerals() {}

  /**
   * Reads a number; empty for white space.
   *
   * @throws InvalidRequest if the text is no number
   */
  static Optional<Object> parse(String text, boolean whole) {
    String plain = plain(text.strip());
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    if (plain.length() > MAX_LENGTH) {
      throw InvalidRequest.field("", "must be a number of at most " + MAX_LENGTH + " characters");
    }
    if (whole) {
      if (INTEGER.matcher(plain).matches()) {
        return Optional.of(new BigInteger(plain));
      }
      throw InvalidRequest.field("", "must be a whole number, such as 12");
    }
    if (NUMBER.matcher(plain).matches()) {
      return Optional.of(new BigDecimal(plain));
    }
    throw InvalidRequest.field(
        "", "must be a number with a point before the fraction, such as 12.5");
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int digit = Character.isDigit(c) ? Character.digit(c, 10) : -1;
              if (digit >= 0) {
                plain.append(digit);
              } else if (c == ARABIC_POINT) {
                plain.append('.');
              } else if (c == MINUS) {
                plain.append('-');
              } else if (Character.getType(c) != Character.FORMAT) {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }
}

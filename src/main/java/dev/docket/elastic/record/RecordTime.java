package dev.docket.elastic.record;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Times as records hold them: {@code 2026-03-01T12:00:00.123Z}. A record has ten or more of them,
 * and the JDK's formats took half of the time in which one was read.
 */
public final class RecordTime {

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String SHAPE = "0000-00-00T00:00:00.000Z";
  private static final long SECONDS_A_DAY = 86_400;

  private RecordTime() {}

  /** In UTC with exactly three digits of a second; what is finer is cut off. */
  public static String text(Instant time) {
    long day = Math.floorDiv(time.getEpochSecond(), SECONDS_A_DAY);
    LocalDate date = LocalDate.ofEpochDay(day);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      return MILLISECONDS.format(time);
    }
    int second = (int) Math.floorMod(time.getEpochSecond(), SECONDS_A_DAY);
    char[] text = SHAPE.toCharArray();
    put(text, 0, 4, date.getYear());
    put(text, 5, 2, date.getMonthValue());
    put(text, 8, 2, date.getDayOfMonth());
    put(text, 11, 2, second / 3600);
    put(text, 14, 2, second / 60 % 60);
    put(text, 17, 2, second % 60);
    put(text, 20, 3, time.getNano() / 1_000_000);
    return new String(text);
  }

  private static void put(char[] text, int at, int digits, int number) {
    int rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * From its text; any other form of ISO 8601 in UTC will do as well.
   *
   * @throws java.time.DateTimeException if it is none
   */
  static Instant parse(String text) {
    if (!hasShape(text) || number(text, 11, 2) > 23) {
      return Instant.parse(text);
    }
    int minute = number(text, 14, 2);
    int second = number(text, 17, 2);
    if (minute > 59 || second > 59) {
      return Instant.parse(text);
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)).toEpochDay();
    return Instant.ofEpochSecond(
        day * SECONDS_A_DAY + number(text, 11, 2) * 3600L + minute * 60L + second,
        number(text, 20, 3) * 1_000_000L);
  }

  private static boolean hasShape(String text) {
    if (text.length() != SHAPE.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char shape = SHAPE.charAt(i);
      if (shape == '0' ? c < '0' || c > '9' : c != shape) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int at, int digits) {
    int number = 0;
    for (int i = at; i < at + digits; i++) {
      number = number * 10 + (text.charAt(i) - '0');
    }
    return number;
  }
}

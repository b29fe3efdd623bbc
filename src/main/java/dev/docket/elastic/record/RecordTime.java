package dev.docket.elastic.record;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Formats and parses times in records, such as {@code 2026-03-01T12:00:00.123Z}. A record has ten
 * or more of them, and the JDK's formatter took half of the time for reading a record.
 */
public final class RecordTime {

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String TEMPLATE = "0000-00-00T00:00:00.000Z";
  private static final long SECONDS_PER_DAY = 86_400;

  private RecordTime() {}

  /** Formats a time in UTC with exactly three fractional digits; finer digits are cut off. */
  public static String text(Instant time) {
    long day = Math.floorDiv(time.getEpochSecond(), SECONDS_PER_DAY);
    LocalDate date = LocalDate.ofEpochDay(day);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      return MILLISECONDS.format(time);
    }
    int second = (int) Math.floorMod(time.getEpochSecond(), SECONDS_PER_DAY);
    char[] text = TEMPLATE.toCharArray();
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
    int remaining = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (char) ('0' + remaining % 10);
      remaining /= 10;
    }
  }

  /**
   * Parses a time. It also accepts every other ISO 8601 form in UTC.
   *
   * @throws java.time.DateTimeException if the text is not a time
   */
  public static Instant parse(String text) {
    if (!matchesTemplate(text) || number(text, 11, 2) > 23) {
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
        day * SECONDS_PER_DAY + number(text, 11, 2) * 3600L + minute * 60L + second,
        number(text, 20, 3) * 1_000_000L);
  }

  private static boolean matchesTemplate(String text) {
    if (text.length() != TEMPLATE.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char expected = TEMPLATE.charAt(i);
      if (expected == '0' ? c < '0' || c > '9' : c != expected) {
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

package dev.docket.dialect.dane;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as DANE writes them, {@code 2026-03-01T12:00:00}, always in UTC. */
public final class DaneTime {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private DaneTime() {}

  /** The time, truncated to seconds. */
  public static String text(Instant time) {
    return TIME.format(time);
  }
}

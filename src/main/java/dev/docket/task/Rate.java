package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of tasks in a period, written as {@code 10/s}, {@code 100/m}, {@code 5/h} or {@code
 * 1000/d}.
 *
 * @param tasks 1 to {@value #MAX_TASKS}
 * @param unit the letter of the period
 */
public record Rate(int tasks, String unit) {

  public static final int MAX_TASKS = 1_000_000;

  private static final Map<String, Duration> PERIODS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private static final Pattern FORM = Pattern.compile("([0-9]{1,7})/([smhd])");

  private static final String EXPECTED =
      "must be a number of tasks from 1 to "
          + MAX_TASKS
          + " and a period s, m, h or d, such as 10/s";

  public Rate {
    if (tasks < 1 || tasks > MAX_TASKS || !PERIODS.containsKey(unit)) {
      throw new IllegalArgumentException(EXPECTED + " (was " + tasks + "/" + unit + ")");
    }
  }

  /**
   * Parses a rate.
   *
   * @throws IllegalArgumentException if the text is not a rate; the message says what is allowed
   */
  @JsonCreator
  public static Rate parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return new Rate(Integer.parseInt(matcher.group(1)), matcher.group(2));
  }

  /** The period. */
  public Duration period() {
    return PERIODS.getOrDefault(unit, Duration.ZERO);
  }

  @JsonValue
  @Override
  public String toString() {
    return tasks + "/" + unit;
  }
}

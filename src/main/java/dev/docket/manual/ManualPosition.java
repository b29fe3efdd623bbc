package dev.docket.manual;

import dev.docket.http.InvalidRequest;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The position of a task in a list, after which the next page starts. The server keeps no state for
 * it.
 */
public record ManualPosition(int priority, Instant createdAt, TaskId id) {

  private static final Pattern PARTS = Pattern.compile("(\\d{1,2}) (-?\\d{1,15}) (\\S{1,300})");
  private static final int MAX_LENGTH = 600;

  /** The position of a task. */
  public static ManualPosition of(Task task) {
    return new ManualPosition(task.spec().priority(), task.createdAt(), task.id());
  }

  /** Returns the position as an opaque text. */
  public String text() {
    String parts = priority + " " + createdAt.toEpochMilli() + " " + id.value();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(parts.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Parses a position.
   *
   * @throws InvalidRequest if the text is not one
   */
  static ManualPosition of(String text) {
    try {
      if (text.length() <= MAX_LENGTH) {
        Matcher parts =
            PARTS.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        if (parts.matches()) {
          return new ManualPosition(
              Integer.parseInt(parts.group(1)),
              Instant.ofEpochMilli(Long.parseLong(parts.group(2))),
              TaskId.fromString(parts.group(3)));
        }
      }
    } catch (IllegalArgumentException invalid) {
      // reported below
    }
    throw InvalidRequest.field("cursor", "must be the value of next from the previous page");
  }
}

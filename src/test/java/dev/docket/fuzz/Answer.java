package dev.docket.fuzz;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a request was answered with.
 *
 * @param end how the answer ended
 * @param status 0 if there was none
 * @param headers the last value of each header, by its name in lower case
 * @param body the beginning of the body
 */
record Answer(End end, int status, Map<String, String> headers, String body, Duration time) {

  /** How an answer ended. */
  enum End {
    COMPLETE,
    /** The client stopped reading, as it does with event streams. */
    LEFT,
    /** The server closed the connection before the answer was complete. */
    CUT,
    /** Nothing, or no more, arrived in time. */
    HANG
  }

  /** Statuses that say that the server has no such protocol element, which is not its fault. */
  private static final Set<Integer> NOT_IMPLEMENTED = Set.of(501, 505);

  Answer {
    headers = Map.copyOf(headers);
  }

  /** Whether the server is overloaded for a while and says so. */
  boolean isBusy() {
    return status == 503 && headers.containsKey("retry-after");
  }

  boolean isServerError() {
    return status >= 500 && !isBusy() && !NOT_IMPLEMENTED.contains(status);
  }

  /**
   * Whether the request got past validation: it succeeded or was redirected, or it was valid and
   * only the state of the records did not allow it (404 of a record, 409, 412). A 404 of a path
   * that does not exist, or of an id that no record can have, does not count.
   */
  boolean isPastValidation() {
    return switch (status) {
      case 409, 412 -> true;
      case 404 ->
          !body.isEmpty()
              && !body.contains("no resource at this path")
              && !body.contains("no such resource")
              && !body.contains("The requested URL was not found")
              && !body.startsWith("<");
      default -> status >= 200 && status < 400;
    };
  }

  boolean isProblemOrDialectError() {
    String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    return type.contains("json");
  }
}

package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.TargetType;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestBodyReader;
import dev.docket.task.TaskKey;
import dev.docket.wire.PollRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and validates the body of a poll request. */
final class PollRequestReader {

  private static final int MAX_WAIT_SECONDS = 60;
  private static final int MAX_KEYS = 100;
  private static final int MAX_TASKS = 1000;

  private final RequestBodyReader bodies;

  PollRequestReader(RequestBodyReader bodies) {
    this.bodies = bodies;
  }

  /**
   * Reads a poll request.
   *
   * @throws InvalidRequest if a field is invalid
   */
  Poll read(JsonNode body) {
    PollRequest request = bodies.read(body, PollRequest.class);
    String id = request.pollId();
    if (id == null || !id.matches("[A-Za-z0-9_-]{1,128}")) {
      throw InvalidRequest.field("/poll_id", "must be 1 to 128 characters of A-Z a-z 0-9 _ -");
    }
    String worker = request.worker();
    if (worker == null || worker.isEmpty() || worker.length() > 256) {
      throw InvalidRequest.field("/worker", "must be 1 to 256 characters");
    }
    InvalidRequest.requireBetween("/max", request.max(), 1, MAX_TASKS);
    int wait = request.waitSeconds() == null ? 0 : request.waitSeconds();
    InvalidRequest.requireBetween("/wait_s", wait, 0, MAX_WAIT_SECONDS);
    Integer firstReport = request.firstReportSeconds();
    if (firstReport != null) {
      InvalidRequest.requireBetween(
          "/first_report_s",
          firstReport,
          PollRequest.MIN_FIRST_REPORT_SECONDS,
          PollRequest.MAX_FIRST_REPORT_SECONDS);
    }
    InstanceIds.requireValid("/instance", request.instance());
    return new Poll(
        id,
        keys(request.keys()),
        types(request.types()),
        worker,
        request.max(),
        Duration.ofSeconds(wait),
        firstReport,
        request.instance());
  }

  private Set<TaskKey> keys(@Nullable List<String> names) {
    if (names == null || names.isEmpty() || names.size() > MAX_KEYS) {
      throw InvalidRequest.field("/keys", "must have 1 to " + MAX_KEYS + " items");
    }
    Set<TaskKey> keys = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      TaskKey key;
      try {
        key = TaskKey.fromString(String.valueOf(names.get(i)));
      } catch (IllegalArgumentException e) {
        throw InvalidRequest.field("/keys/" + i, String.valueOf(e.getMessage()));
      }
      keys.add(key);
    }
    return keys;
  }

  private static Set<TargetType> types(@Nullable List<String> names) {
    if (names == null || names.isEmpty()) {
      return EnumSet.allOf(TargetType.class);
    }
    Set<TargetType> types = EnumSet.noneOf(TargetType.class);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      types.add(
          Arrays.stream(TargetType.values())
              .filter(type -> type.wire().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      InvalidRequest.field(
                          "/types",
                          "must contain only values of "
                              + Arrays.stream(TargetType.values()).map(TargetType::wire).toList()
                              + " (was "
                              + name
                              + ")")));
    }
    return types;
  }
}

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

/** Reads what a poll asks for. */
final class PollRequestReader {

  private static final int MAX_WAIT_SECONDS = 60;
  private static final int MAX_KEYS = 100;
  private static final int MAX_TASKS = 1000;

  private final RequestBodyReader bodies;

  PollRequestReader(RequestBodyReader bodies) {
    this.bodies = bodies;
  }

  /**
   * Reads a poll.
   *
   * @throws InvalidRequest naming the field
   */
  PollService.Poll read(JsonNode body) {
    PollRequest asked = bodies.read(body, PollRequest.class);
    String id = asked.pollId();
    if (id == null || !id.matches("[A-Za-z0-9_-]{1,128}")) {
      throw InvalidRequest.field("/poll_id", "must be 1 to 128 of A-Z a-z 0-9 _ -");
    }
    String worker = asked.worker();
    if (worker == null || worker.isEmpty() || worker.length() > 256) {
      throw InvalidRequest.field("/worker", "must be 1 to 256 characters");
    }
    if (asked.max() < 1 || asked.max() > MAX_TASKS) {
      throw InvalidRequest.field("/max", "must be 1 to " + MAX_TASKS);
    }
    int wait = asked.waitSeconds() == null ? 0 : asked.waitSeconds();
    if (wait < 0 || wait > MAX_WAIT_SECONDS) {
      throw InvalidRequest.field("/wait_s", "must be 0 to " + MAX_WAIT_SECONDS);
    }
    return new PollService.Poll(
        id,
        keys(asked.keys()),
        types(asked.types()),
        worker,
        asked.max(),
        Duration.ofSeconds(wait));
  }

  private static Set<TaskKey> keys(@Nullable List<String> names) {
    if (names == null || names.isEmpty() || names.size() > MAX_KEYS) {
      throw InvalidRequest.field("/keys", "must be 1 to " + MAX_KEYS + " task keys");
    }
    Set<TaskKey> keys = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      try {
        keys.add(TaskKey.fromString(String.valueOf(names.get(i))));
      } catch (IllegalArgumentException bad) {
        throw InvalidRequest.field("/keys/" + i, String.valueOf(bad.getMessage()));
      }
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
                          "must be of "
                              + Arrays.stream(TargetType.values())
                                  .map(TargetType::wire)
                                  .toList())));
    }
    return types;
  }
}

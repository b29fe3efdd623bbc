package dev.docket.workerapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.TargetType;
import dev.docket.http.Bodies;
import dev.docket.http.Invalid;
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
final class PollReader {

  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final int MOST_KEYS = 100;
  private static final int MOST_TASKS = 1000;

  private final Bodies bodies;

  PollReader(Bodies bodies) {
    this.bodies = bodies;
  }

  /**
   * Reads a poll.
   *
   * @throws Invalid naming the field
   */
  Polls.Poll read(JsonNode body) {
    PollRequest asked = bodies.read(body, PollRequest.class);
    String id = asked.pollId();
    if (id == null || !id.matches("[A-Za-z0-9_-]{1,128}")) {
      throw Invalid.field("/poll_id", "must be 1 to 128 of A-Z a-z 0-9 _ -");
    }
    String worker = asked.worker();
    if (worker == null || worker.isEmpty() || worker.length() > 256) {
      throw Invalid.field("/worker", "must be 1 to 256 characters");
    }
    if (asked.max() < 1 || asked.max() > MOST_TASKS) {
      throw Invalid.field("/max", "must be 1 to " + MOST_TASKS);
    }
    int wait = asked.waitSeconds() == null ? 0 : asked.waitSeconds();
    if (wait < 0 || wait > LONGEST_WAIT_SECONDS) {
      throw Invalid.field("/wait_s", "must be 0 to " + LONGEST_WAIT_SECONDS);
    }
    return new Polls.Poll(
        id,
        keys(asked.keys()),
        types(asked.types()),
        worker,
        asked.max(),
        Duration.ofSeconds(wait));
  }

  private static Set<TaskKey> keys(@Nullable List<String> names) {
    if (names == null || names.isEmpty() || names.size() > MOST_KEYS) {
      throw Invalid.field("/keys", "must be 1 to " + MOST_KEYS + " task keys");
    }
    Set<TaskKey> keys = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      try {
        keys.add(TaskKey.fromString(String.valueOf(names.get(i))));
      } catch (IllegalArgumentException bad) {
        throw Invalid.field("/keys/" + i, String.valueOf(bad.getMessage()));
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
                      Invalid.field(
                          "/types",
                          "must be of "
                              + Arrays.stream(TargetType.values())
                                  .map(TargetType::wire)
                                  .toList())));
    }
    return types;
  }
}

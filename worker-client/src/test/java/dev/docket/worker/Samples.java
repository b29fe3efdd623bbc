package dev.docket.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.docket.wire.PollAnswer;
import dev.docket.wire.RunId;
import dev.docket.wire.TaskMessage;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Made-up tasks, and times that tests need not wait for. */
final class Samples {

  private Samples() {}

  /** How long anything may take here, on a machine that stands still at times. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  static WorkerTimeouts quick() {
    return timing(Duration.ofMillis(20), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /** Waits long for each queue to deliver something, before it chooses. */
  static WorkerTimeouts patient() {
    return timing(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /** Soon gives up a claim that is not decided. */
  static WorkerTimeouts impatient() {
    return timing(Duration.ofMillis(20), Duration.ofSeconds(30), Duration.ofMillis(300));
  }

  /** Soon gives back a task that has no thread. */
  static WorkerTimeouts restless() {
    return timing(Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofSeconds(60));
  }

  private static WorkerTimeouts timing(Duration settle, Duration waitLimit, Duration claimLimit) {
    Duration soon = Duration.ofMillis(20);
    return new WorkerTimeouts(
        soon,
        Duration.ofMillis(200),
        Duration.ofMillis(100),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1),
        Duration.ofMillis(50),
        soon,
        Duration.ofSeconds(15),
        Duration.ofSeconds(1).plus(settle),
        settle,
        waitLimit,
        settle.plusMillis(500),
        claimLimit,
        Duration.ofMillis(500),
        Duration.ofSeconds(2));
  }

  static RunId run(String task) {
    return new RunId(task, 1, "run-of-" + task);
  }

  static TaskMessage message(String task, String key, String type, int priority) {
    return new TaskMessage(
        new TaskMessage.TaskPart(
            key,
            task,
            202,
            "",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00",
            priority,
            Map.of("language", "nl")),
        new TaskMessage.DocumentPart(
            "document-of-" + task,
            Map.of("id", "t1", "url", "http://localhost/t1", "type", type, "title", "Ἰλιάς 日本語 🎬"),
            Map.of("id", "c1", "type", "Human", "name", "Ann"),
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00"));
  }

  static PollAnswer.Granted granted(String task, String key) {
    TaskMessage message = message(task, key, "Video", 5);
    return new PollAnswer.Granted(
        message.task(), message.document(), 1, run(task).run(), "claim-of-" + task, 60, 0);
  }

  static Task task(String id) {
    return Task.from(message(id, "ASR", "Video", 5), 1);
  }

  /** Lists in lists; more than 1,000 cannot be written as JSON. */
  static JsonNode deep(int levels) {
    ArrayNode inner = JsonNodeFactory.instance.arrayNode();
    for (int i = 1; i < levels; i++) {
      inner = JsonNodeFactory.instance.arrayNode().add(inner);
    }
    return inner;
  }
}

package dev.docket.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.docket.wire.PollResponse;
import dev.docket.wire.RunId;
import dev.docket.wire.TaskMessage;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Sample tasks, and short timeouts for tests. */
final class Samples {

  private Samples() {}

  /** Waits up to a minute, because a busy machine can stall. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  static WorkerTimeouts shortTimeouts() {
    return workerTimeouts(Duration.ofMillis(20), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /** Waits long for the first message of each queue before the worker chooses. */
  static WorkerTimeouts longSelectionDelay() {
    return workerTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /** Gives up an undecided claim quickly. */
  static WorkerTimeouts shortClaimTimeout() {
    return workerTimeouts(Duration.ofMillis(20), Duration.ofSeconds(30), Duration.ofMillis(300));
  }

  /** Gives back a task quickly if it has no thread. */
  static WorkerTimeouts shortThreadWait() {
    return workerTimeouts(Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofSeconds(60));
  }

  private static WorkerTimeouts workerTimeouts(
      Duration selectionDelay, Duration threadWaitTimeout, Duration claimTimeout) {
    Duration shortDelay = Duration.ofMillis(20);
    return new WorkerTimeouts(
        shortDelay,
        Duration.ofMillis(200),
        Duration.ofMillis(100),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1),
        Duration.ofMillis(50),
        shortDelay,
        Duration.ofSeconds(15),
        Duration.ofSeconds(1).plus(selectionDelay),
        selectionDelay,
        threadWaitTimeout,
        selectionDelay.plusMillis(500),
        claimTimeout,
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

  static PollResponse.Granted granted(String task, String key) {
    TaskMessage message = message(task, key, "Video", 5);
    return new PollResponse.Granted(
        message.task(), message.document(), 1, run(task).run(), "claim-of-" + task, 60, 0);
  }

  static Task task(String id) {
    return Task.from(message(id, "ASR", "Video", 5), 1);
  }

  /** Nested lists. Jackson cannot write more than 1,000 levels. */
  static JsonNode deep(int levels) {
    ArrayNode inner = JsonNodeFactory.instance.arrayNode();
    for (int i = 1; i < levels; i++) {
      inner = JsonNodeFactory.instance.arrayNode().add(inner);
    }
    return inner;
  }
}

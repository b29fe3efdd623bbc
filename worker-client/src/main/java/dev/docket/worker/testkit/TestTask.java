package dev.docket.worker.testkit;

import dev.docket.worker.Document;
import dev.docket.worker.HandlerCall;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import dev.docket.worker.Task;
import dev.docket.worker.TaskHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sample task for tests of a handler, without a broker or a server:
 *
 * <pre>{@code
 * var run = TestTask.ofKey("ASR").target(SOUND, "http://localhost/a.mp3").arg("language", "nl")
 *     .run(handler);
 * assertThat(run.state()).isEqualTo(200);
 * }</pre>
 *
 * <p>All properties except the key have defaults. A task can be run several times.
 */
public final class TestTask {

  private final String key;
  private String id = "test-task";
  private int attempt = 1;
  private int priority;
  private final Map<String, Object> args = new LinkedHashMap<>();
  private String targetId = "test-target";
  private String url = "http://localhost/test-target";
  private TargetType type = TargetType.TEXT;
  private final Map<String, Object> extra = new LinkedHashMap<>();
  private Optional<Duration> timeout = Optional.empty();
  private Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
  private @Nullable Integer cancelAt;

  private TestTask(String key) {
    this.key = key;
  }

  /** Returns a task with this key and default values. */
  public static TestTask ofKey(String key) {
    return new TestTask(key);
  }

  public TestTask id(String taskId) {
    id = taskId;
    return this;
  }

  public TestTask attempt(int number) {
    attempt = number;
    return this;
  }

  public TestTask priority(int zeroToTen) {
    priority = zeroToTen;
    return this;
  }

  public TestTask arg(String name, @Nullable Object value) {
    args.put(name, value);
    return this;
  }

  public TestTask target(TargetType targetType, String targetUrl) {
    type = targetType;
    url = targetUrl;
    return this;
  }

  public TestTask targetId(String newTargetId) {
    targetId = newTargetId;
    return this;
  }

  /** Adds a field to {@link Document.Target#extra()}. */
  public TestTask targetExtra(String name, @Nullable Object value) {
    extra.put(name, value);
    return this;
  }

  public TestTask timeout(Duration limit) {
    timeout = Optional.of(limit);
    return this;
  }

  /** The clock of the context; by default it is fixed at the start of 2026 (UTC). */
  public TestTask clock(Clock newClock) {
    clock = newClock;
    return this;
  }

  /**
   * Cancels the run as soon as the handler reports this percentage or more. The handler's thread is
   * then interrupted, and {@link dev.docket.worker.TaskContext#cancelled()} is true. With 0 or less
   * the run is cancelled from the start.
   */
  public TestTask cancelAt(int percent) {
    cancelAt = percent;
    return this;
  }

  /** The task that the handler receives. */
  public Task task() {
    return new Task(
        id,
        key,
        attempt,
        priority,
        args,
        new Document(
            "test-document",
            new Document.Target(targetId, url, type, extra),
            new Document.Creator("test-creator", "Human", Map.of())),
        timeout);
  }

  /**
   * Runs the handler on the calling thread. As in a worker, exceptions and results beyond the
   * limits become outcomes.
   */
  public TestRun run(TaskHandler handler) {
    TestContext context = new TestContext(clock, cancelAt);
    context.begin();
    try {
      Outcome outcome = HandlerCall.run(handler, task(), context);
      return new TestRun(outcome, context.reports(), context.logLines());
    } finally {
      context.end();
    }
  }
}

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
 * A made-up task to try a handler on, without broker or server:
 *
 * <pre>{@code
 * var run = TestTask.ofKey("ASR").target(SOUND, "http://localhost/a.mp3").arg("language", "nl")
 *     .run(handler);
 * assertThat(run.state()).isEqualTo(200);
 * }</pre>
 *
 * <p>What is not said has a value that does no harm. A task can be run several times.
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

  public TestTask priority(int from0To10) {
    priority = from0To10;
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

  public TestTask targetId(String idOfTarget) {
    targetId = idOfTarget;
    return this;
  }

  /** Something else that was submitted with the target. */
  public TestTask targetExtra(String name, @Nullable Object value) {
    extra.put(name, value);
    return this;
  }

  public TestTask timeout(Duration limit) {
    timeout = Optional.of(limit);
    return this;
  }

  /** What the context's clock shows; by default the first moment of 2026. */
  public TestTask clock(Clock set) {
    clock = set;
    return this;
  }

  /**
   * Cancels the run as soon as the handler reports that percentage or more: its thread is
   * interrupted and its context says so. With 0 or less it is cancelled from the start.
   */
  public TestTask cancelAt(int percent) {
    cancelAt = percent;
    return this;
  }

  /** The task as the handler gets it. */
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
   * Runs the handler on the calling thread, as a worker would: what it throws and what is over the
   * limits becomes an outcome.
   */
  public TestRun run(TaskHandler handler) {
    TestContext context = new TestContext(clock, cancelAt);
    context.begin();
    try {
      Outcome outcome = HandlerCall.run(handler, task(), context);
      return new TestRun(outcome, context.said(), context.lines());
    } finally {
      context.end();
    }
  }
}

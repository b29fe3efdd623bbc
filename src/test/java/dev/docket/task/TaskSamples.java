package dev.docket.task;

import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskBuilder;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sample tasks for tests. */
public final class TaskSamples {

  /** A policy of workers that claim. */
  public static final Policy POLICY =
      new Policy(
          "docket",
          Policy.AckMode.CLAIMS,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          Duration.ofMinutes(30),
          Duration.ofDays(7),
          10);

  private TaskSamples() {}

  /** A new task on its own new document. */
  public static Task task(String key) {
    return task(DocumentSamples.document(), key, DocumentSamples.CREATED);
  }

  /** A new task. */
  public static Task task(Document document, String key, Instant createdAt) {
    return task(document, key, createdAt, Map.of());
  }

  /** A new task with arguments. */
  public static Task task(
      Document document, String key, Instant createdAt, Map<String, Object> args) {
    TaskKey taskKey = new TaskKey(key);
    TaskSpec spec =
        TaskSpec.builder(TaskSpec.DocumentCopy.of(document), taskKey, "docket", "tester")
            .args(args)
            .priority(5)
            .build();
    return TaskMachine.create(
        TaskId.of(document.id(), taskKey), spec, List.of(), null, context(createdAt));
  }

  /** The same task with another priority. */
  public static Task withPriority(Task task, int priority) {
    TaskSpec spec = task.spec();
    TaskSpec changed =
        TaskSpec.builder(spec.document(), spec.key(), spec.protocol(), spec.submittedBy())
            .args(spec.args())
            .priority(priority)
            .build();
    return TaskMachine.create(task.id(), changed, List.of(), null, context(task.createdAt()));
  }

  /** A decision context at the given time, with a random token. */
  public static DecisionContext context(Instant now) {
    byte[] token = new byte[16];
    ThreadLocalRandom.current().nextBytes(token);
    return new DecisionContext(now, HexFormat.of().formatHex(token), 0.5);
  }

  /** The same task with this effect only. */
  public static Task withOutbox(Task task, Effect effect) {
    return changed(
        task,
        builder -> builder.outbox = List.of(new PendingEffect("effect", task.updatedAt(), effect)));
  }

  /** The same task, being deleted. */
  public static Task deleted(Task task) {
    return changed(task, builder -> builder.deletedAt = task.updatedAt());
  }

  /** The same task after its end, with the durations of its run and its wait, if known. */
  public static Task ended(
      Task task, TaskState state, Instant at, @Nullable Long runMs, @Nullable Long queuedMs) {
    return changed(
        task,
        builder -> {
          builder.state = state;
          builder.outbox.clear();
          builder.run.finishedAt = at;
          builder.run.runMs = runMs;
          builder.run.queuedMs = queuedMs;
        });
  }

  /** The same task with a later time of change. */
  public static Task changedAt(Task task, Instant at) {
    return new TaskBuilder(task, context(at)).build();
  }

  /** The same task with changed fields and the same time of change. */
  public static Task changed(Task task, Consumer<TaskBuilder> change) {
    TaskBuilder builder = new TaskBuilder(task, context(task.updatedAt()));
    change.accept(builder);
    return builder.build();
  }
}

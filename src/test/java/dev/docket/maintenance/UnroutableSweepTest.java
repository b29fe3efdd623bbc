package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.TaskPublisher;
import dev.docket.document.DocumentSamples;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.machine.TaskMachine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UnroutableSweepTest implements TaskPublisher, Policies {

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final TaskService tasks =
      new TaskService(
          store,
          this,
          () -> TaskSamples.context(DocumentSamples.CREATED),
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          List.of());
  private final UnroutableSweep sweep = new UnroutableSweep(store, tasks, this, this);
  private final Set<TaskKey> bound = new HashSet<>();
  private int published;

  @Override
  public Policy of(TaskKey key) {
    return TaskSamples.POLICY;
  }

  @Override
  public Policy of(Task task) {
    return TaskSamples.POLICY;
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Task task) {
    published++;
    return CompletableFuture.completedStage(
        bound.contains(task.key()) ? PublishOutcome.CONFIRMED : PublishOutcome.UNROUTABLE);
  }

  @Override
  public boolean ready() {
    return true;
  }

  private Task unroutable(String key) {
    Task task =
        TaskSamples.changed(
            TaskSamples.task(key), builder -> builder.state = TaskState.NO_ROUTE_TO_QUEUE);
    store.create(task).toCompletableFuture().join();
    return task;
  }

  private TaskState state(Task task) {
    return tasks.get(task.id()).toCompletableFuture().join().state();
  }

  @Test
  void publishesTasksOfRouteWhoseQueueIsBound() {
    Task first = unroutable("ASR");
    Task second = unroutable("ASR");
    Task other = unroutable("OCR");
    sweep.run();
    bound.add(new TaskKey("ASR"));

    sweep.run();

    assertThat(List.of(state(first), state(second)))
        .as("the one that was tried, and the one that is published now")
        .containsExactlyInAnyOrder(TaskState.QUEUED, TaskState.CREATED);
    assertThat(state(other)).isEqualTo(TaskState.NO_ROUTE_TO_QUEUE);
  }

  @Test
  void publishesTasksOfFormerProtocolByThatOfTheirKey() {
    Task former = unroutable("ASR", null);
    Task pinned = unroutable("ASR", "dane");
    Task other = unroutable("ASR");

    sweep.run();

    assertThat(state(former)).isEqualTo(TaskState.CREATED);
    assertThat(tasks.get(former.id()).toCompletableFuture().join().run().protocol())
        .isEqualTo("docket");
    assertThat(List.of(state(pinned), state(other))).containsOnly(TaskState.NO_ROUTE_TO_QUEUE);
    assertThat(published).as("one of each protocol").isEqualTo(2);
  }

  /** A task whose run has the protocol dane. */
  private Task unroutable(String key, @Nullable String pinned) {
    Task sample = TaskSamples.task(key);
    TaskSpec spec =
        TaskSpec.builder(sample.spec().document(), sample.key(), pinned, "tester").build();
    Task task =
        TaskSamples.changed(
            TaskMachine.create(
                sample.id(),
                spec,
                List.of(),
                null,
                TaskSamples.context(DocumentSamples.CREATED).withProtocol("dane")),
            builder -> {
              builder.state = TaskState.NO_ROUTE_TO_QUEUE;
              builder.run.dispatchedAt = null;
              builder.outbox.clear();
            });
    store.create(task).toCompletableFuture().join();
    return task;
  }

  @Test
  void triesEachRouteInEachRun() {
    unroutable("ASR");
    sweep.run();
    unroutable("OCR");
    published = 0;

    sweep.run();

    assertThat(published).isEqualTo(2);
  }

  @Test
  void manyRoutesDoNotKeepOthersFromBeingTried() {
    for (int i = 0; i < UnroutableSweep.GROUPS_PER_RUN; i++) {
      unroutable("INVENTED" + i);
    }
    Task last = unroutable("ZOOM");
    bound.add(new TaskKey("ZOOM"));

    sweep.run();
    sweep.run();

    assertThat(state(last)).isEqualTo(TaskState.QUEUED);
    assertThat(published).isEqualTo(2 * UnroutableSweep.GROUPS_PER_RUN);
  }
}

package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.docket.document.DocumentSamples;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import dev.docket.task.IllegalTransition;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SavedResultsTest {

  private static final Policy LATE =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          null,
          Duration.ofDays(7));

  private final Clock clock = Clock.fixed(DocumentSamples.CREATED, ZoneOffset.UTC);
  private final MemoryResultStore stored = new MemoryResultStore();
  private final TaskService tasks =
      new TaskService(
          new MemoryTaskStore(),
          new LatePolicies(),
          () -> TaskSamples.context(DocumentSamples.CREATED),
          (task, effects) -> {});
  private final SavedResults saved = new SavedResults(stored, tasks, clock);
  private final ResultService results = new ResultService(stored, tasks);
  private Task task;

  private record LatePolicies() implements Policies {
    @Override
    public Policy of(TaskKey key) {
      return LATE;
    }

    @Override
    public Policy of(Task task) {
      return LATE;
    }
  }

  @BeforeEach
  void createTask() {
    task = join(tasks.create(TaskSamples.task("ASR")));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static ResultDraft draft(int number) {
    return new ResultDraft(IntNode.valueOf(number), Map.of("name", "ASR"));
  }

  private void end(TaskState state) {
    Task now = join(tasks.get(task.id()));
    Command end =
        state == TaskState.SUCCESS
            ? new Command.Complete(now.attempt(), now.run(), null, "w", "", List.of())
            : new Command.Fail(now.attempt(), now.run(), null, "w", state, "", List.of());
    assertThat(join(tasks.execute(task.id(), end)).refused()).isFalse();
  }

  @Test
  void becomeVisibleInOrderWhenRunSucceeds() {
    Result first = join(saved.save(task.id(), draft(1)));
    Result second = join(saved.save(task.id(), draft(2)));
    assertThat(join(results.ofTasks(List.of(join(tasks.get(task.id())))))).isEmpty();
    assertThat(results.get(first.id()).toCompletableFuture()).isCompletedExceptionally();

    end(TaskState.SUCCESS);

    assertThat(join(results.ofTasks(List.of(join(tasks.get(task.id()))))))
        .containsExactly(first, second);
    assertThat(join(results.get(first.id()))).isEqualTo(first);
  }

  @Test
  void areRejectedForEndedOrUnknownTask() {
    end(TaskState.ERROR);
    assertThat(saved.save(task.id(), draft(1)).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalTransition.class);
    assertThat(saved.save(new TaskId("unknown"), draft(1)).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(TaskNotFound.class);
    assertThat(stored.all()).isEmpty();
  }

  /** The run is closed while the result is being stored; nothing else would delete the record. */
  @Test
  void areRemovedIfRunEndsDuringSave() {
    SavedResults interrupted =
        new SavedResults(
            new InterceptedStore(
                stored, () -> join(tasks.execute(task.id(), new Command.ForceRetry("ann")))),
            tasks,
            clock);

    assertThat(interrupted.save(task.id(), draft(1)).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(RunEnded.class);
    assertThat(stored.all()).isEmpty();
  }

  @Test
  void areKeptIfRunSucceedsDuringSave() {
    SavedResults interrupted =
        new SavedResults(new InterceptedStore(stored, () -> end(TaskState.SUCCESS)), tasks, clock);

    Result kept = join(interrupted.save(task.id(), draft(1)));

    assertThat(join(results.ofTasks(List.of(join(tasks.get(task.id())))))).containsExactly(kept);
  }

  @Test
  void canBeDeletedBeforeAndAfterEnd() {
    Result first = join(saved.save(task.id(), draft(1)));
    Result second = join(saved.save(task.id(), draft(2)));
    Result third = join(saved.save(task.id(), draft(3)));
    join(saved.delete(first.id()));
    end(TaskState.SUCCESS);
    join(saved.delete(second.id()));

    assertThat(join(results.ofTasks(List.of(join(tasks.get(task.id())))))).containsExactly(third);
    assertThat(saved.delete(first.id()).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(ResultNotFound.class);
  }

  @Test
  void canBeSavedAgainAfterUnknownOutcome() {
    SavedResults failing = new SavedResults(new InterceptedStore(stored, null), tasks, clock);

    assertThat(failing.save(task.id(), draft(1)).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(StoreUnavailable.class);
    Result again = join(saved.save(task.id(), draft(1)));
    end(TaskState.SUCCESS);

    assertThat(join(results.ofTasks(List.of(join(tasks.get(task.id())))))).containsExactly(again);
  }

  /** A store that runs a callback before each write, or does not complete any write. */
  private record InterceptedStore(MemoryResultStore store, Runnable beforePut)
      implements ResultStore {
    @Override
    public CompletionStage<WriteOutcome> put(Result result) {
      if (beforePut == null) {
        return CompletableFuture.completedStage(new WriteOutcome.Unknown("no response"));
      }
      beforePut.run();
      return store.put(result);
    }

    @Override
    public CompletionStage<WriteOutcome> remove(ResultId id) {
      return store.remove(id);
    }

    @Override
    public CompletionStage<Optional<dev.docket.store.Versioned<Result>>> find(ResultId id) {
      return store.find(id);
    }

    @Override
    public CompletionStage<Map<ResultId, dev.docket.store.Versioned<Result>>> find(
        Collection<ResultId> ids) {
      return store.find(ids);
    }
  }
}

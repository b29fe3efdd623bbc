package dev.docket.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.docket.document.DocumentSamples;
import dev.docket.http.Problem;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.IllegalTransition;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.OnePolicy;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.nio.charset.StandardCharsets;
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
          Duration.ofDays(7),
          10);

  private final Clock clock = Clock.fixed(DocumentSamples.CREATED, ZoneOffset.UTC);
  private final MemoryResultStore stored = new MemoryResultStore();
  private final ResultOutbox outbox = new ResultOutbox();
  private final TaskService tasks =
      new TaskService(
          new MemoryTaskStore(),
          new OnePolicy(LATE),
          () -> TaskSamples.context(DocumentSamples.CREATED),
          outbox,
          CurrentDocuments.NEVER_CHANGED,
          List.of());
  private final MemoryPayloadStore storedPayloads = new MemoryPayloadStore();
  private final Payloads payloads =
      new Payloads(storedPayloads, new ObjectMapper(), clock, 1 << 20);
  private final ResultService results = new ResultService(stored, payloads, tasks);
  private final SavedResults saved = new SavedResults(stored, results, tasks, clock);
  private Task task;

  @BeforeEach
  void createTask() {
    outbox.connect(new ResultEffects(stored, payloads, clock), tasks);
    task = join(tasks.create(TaskSamples.task("ASR")));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private CompletionStage<ResultId> save(int number) {
    return save(saved, task.id(), number);
  }

  private static CompletionStage<ResultId> save(SavedResults saved, TaskId id, int number) {
    ResultDraft draft = new ResultDraft(IntNode.valueOf(number), Map.of("name", "ASR"));
    return saved
        .note(id, new byte[] {(byte) number})
        .thenCompose(noted -> saved.store(noted, draft));
  }

  private List<ResultId> shown() {
    return join(results.ofTasks(List.of(join(tasks.get(task.id()))))).stream()
        .map(Result::id)
        .toList();
  }

  private Result record(ResultId id) {
    return join(stored.find(id)).orElseThrow().value();
  }

  private SavedResults saving(ResultStore store) {
    return new SavedResults(store, results, tasks, clock);
  }

  private void end(TaskState state) {
    Task now = join(tasks.get(task.id()));
    Command end =
        state == TaskState.SUCCESS
            ? new Command.Complete(
                new Reporter(now.run().ref(), null, "w"), RunEnd.of(""), List.of(), null)
            : Command.Fail.of(
                new Reporter(now.run().ref(), null, "w"), state, RunEnd.of(""), List.of());
    assertThat(join(tasks.execute(task.id(), end)).refused()).isFalse();
  }

  @Test
  void becomeVisibleInOrderWhenRunSucceeds() {
    ResultId first = join(save(1));
    ResultId second = join(save(2));
    assertThat(shown()).isEmpty();
    assertThat(record(first).visible()).isFalse();
    assertThat(record(first).latest()).isFalse();
    assertThat(results.get(first).toCompletableFuture()).isCompletedExceptionally();

    end(TaskState.SUCCESS);

    assertThat(shown()).containsExactly(first, second);
    assertThat(join(results.get(first)).id()).isEqualTo(first);
    assertThat(record(first).visible()).isTrue();
    assertThat(record(first).latest()).isTrue();
  }

  @Test
  void areRejectedForEndedOrUnknownTask() {
    end(TaskState.ERROR);
    assertThat(save(1).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalTransition.class);
    assertThat(save(saved, new TaskId("unknown"), 1).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(TaskNotFound.class);
    assertThat(stored.all()).isEmpty();
  }

  @Test
  void areOneRecordIfSavedTwice() {
    ResultId first = join(save(1));

    assertThat(join(save(1))).isEqualTo(first);

    assertThat(stored.all()).hasSize(1);
    end(TaskState.SUCCESS);
    assertThat(shown()).containsExactly(first);
  }

  @Test
  void areOtherRecordsInLaterRun() {
    ResultId first = join(save(1));
    join(tasks.execute(task.id(), new Command.ForceRetry("ann")));

    ResultId second = join(save(1));
    end(TaskState.SUCCESS);

    assertThat(second).isNotEqualTo(first);
    assertThat(shown()).containsExactly(second);
    assertThat(stored.all()).hasSize(1);
  }

  /** The run is closed while the result is being stored; nothing else would delete the record. */
  @Test
  void areRemovedIfRunEndsDuringSave() {
    SavedResults interrupted =
        saving(
            new InterceptedStore(
                stored, () -> join(tasks.execute(task.id(), new Command.ForceRetry("ann")))));

    assertThat(save(interrupted, task.id(), 1).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(Problem.class)
        .withMessageContaining("has ended");
    assertThat(stored.all()).isEmpty();
  }

  @Test
  void areRemovedWithPayloadIfTaskIsDeletedDuringSave() {
    SavedResults interrupted =
        saving(
            new InterceptedStore(
                stored, () -> join(tasks.execute(task.id(), new Command.Delete("ann")))));

    assertThat(
            interrupted
                .note(task.id(), new byte[] {1})
                .thenCompose(
                    noted ->
                        payloads
                            .store(
                                noted.id(), noted.owner(), "[1]".getBytes(StandardCharsets.UTF_8))
                            .thenCompose(
                                done -> interrupted.store(noted, ResultDraft.stored(3, Map.of()))))
                .toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(Problem.class)
        .withMessageContaining("has ended");
    assertThat(stored.all()).isEmpty();
    assertThat(storedPayloads.all()).isEmpty();
  }

  @Test
  void becomeVisibleIfRunSucceedsDuringSave() {
    // Else the effect finds no record, and removes the result from its task.
    outbox.pause();
    SavedResults interrupted = saving(new InterceptedStore(stored, () -> end(TaskState.SUCCESS)));

    ResultId kept = join(save(interrupted, task.id(), 1));

    assertThat(shown()).containsExactly(kept);
    assertThat(record(kept).visible()).isTrue();
    assertThat(record(kept).latest()).isTrue();
  }

  private void delete(ResultId id) {
    join(saved.find(id).thenCompose(results::remove));
  }

  @Test
  void canBeDeletedBeforeAndAfterEnd() {
    ResultId first = join(save(1));
    ResultId second = join(save(2));
    ResultId third = join(save(3));
    delete(first);
    end(TaskState.SUCCESS);
    delete(second);

    assertThat(shown()).containsExactly(third);
    assertThat(join(tasks.get(task.id())).latestResults().ids()).containsExactly(third);
    assertThat(stored.all()).hasSize(1);
    assertThat(saved.find(first).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(ResultNotFound.class);
  }

  @Test
  void canBeSavedAgainAfterUnknownOutcome() {
    SavedResults failing = saving(new InterceptedStore(stored, null));

    assertThat(save(failing, task.id(), 1).toCompletableFuture())
        .completesExceptionallyWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(StoreUnavailable.class);
    ResultId again = join(save(1));
    end(TaskState.SUCCESS);

    assertThat(shown()).containsExactly(again);
  }

  /** A store that runs a callback before each write, or does not complete any write. */
  private record InterceptedStore(MemoryResultStore store, Runnable beforeCreate)
      implements ResultStore {
    @Override
    public CompletionStage<WriteOutcome> create(Result result, JsonNode searched) {
      if (beforeCreate == null) {
        return CompletableFuture.completedStage(new WriteOutcome.Unknown("no response"));
      }
      beforeCreate.run();
      return store.create(result, searched);
    }

    @Override
    public CompletionStage<WriteOutcome> mark(ResultId id, boolean visible, boolean latest) {
      return store.mark(id, visible, latest);
    }

    @Override
    public CompletionStage<WriteOutcome> remove(ResultId id) {
      return store.remove(id);
    }

    @Override
    public CompletionStage<Optional<Versioned<Result>>> find(ResultId id) {
      return store.find(id);
    }

    @Override
    public CompletionStage<Map<ResultId, Versioned<Result>>> find(Collection<ResultId> ids) {
      return store.find(ids);
    }
  }
}

package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.store.Versioned;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which version of a document the runs of its tasks carry. */
final class HandedOutDocumentTest implements Policies {

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final Document document = DocumentSamples.document();
  private final List<Task> published = new ArrayList<>();
  private TaskSpec.DocumentCopy current = TaskSpec.DocumentCopy.of(document);
  private Instant now = DocumentSamples.CREATED;
  private int reads;
  private final TaskService tasks =
      new TaskService(
          store,
          this,
          () -> TaskSamples.context(now),
          (task, effects) -> {
            effects.stream()
                .filter(pending -> pending.effect() instanceof Effect.Publish)
                .forEach(pending -> published.add(task));
            return CompletableFuture.completedStage(List.of());
          },
          id -> {
            reads++;
            return CompletableFuture.completedStage(
                Optional.of(current).filter(copy -> copy.id().equals(id)));
          },
          List.of());

  @Override
  public Policy of(TaskKey key) {
    return TaskSamples.POLICY;
  }

  @Override
  public Policy of(Task task) {
    return TaskSamples.POLICY;
  }

  private Task create() {
    return tasks.create(TaskSamples.task(document, "ASR", now)).toCompletableFuture().join();
  }

  private Task stored(TaskId id) {
    return store.find(id).toCompletableFuture().join().orElseThrow().value();
  }

  private Task execute(TaskId id, Command command) {
    var decision = tasks.execute(id, command).toCompletableFuture().join();
    assertThat(decision.refused()).isFalse();
    return decision.task();
  }

  private Task claim(TaskId id) {
    Task task = stored(id);
    return execute(id, Command.Claim.byWorker(new Reporter(task.run().ref(), "claim", "w"), null));
  }

  private Task fail(TaskId id, TaskState state) {
    Task task = stored(id);
    return execute(
        id,
        Command.Fail.of(
            new Reporter(task.run().ref(), "claim", "w"), state, RunEnd.of("no"), List.of()));
  }

  private void change(String url) {
    Target target = new Target(document.target().id(), url, TargetType.VIDEO, Map.of());
    current =
        new TaskSpec.DocumentCopy(
            document.id(),
            target,
            document.creator(),
            document.createdAt(),
            now,
            current.version() + 1);
  }

  private static String url(Task task) {
    return task.spec().document().target().url();
  }

  @Test
  void claimCarriesDocumentThatChangedWhileTaskWasQueued() {
    Task task = create();
    execute(task.id(), new Command.Confirm(new RunRef(1, task.run().token())));
    change("file:///b");

    Task claimed = claim(task.id());

    assertThat(url(claimed)).isEqualTo("file:///b");
    assertThat(claimed.spec().document().version()).isEqualTo(2);
    assertThat(claimed.spec().document().createdAt()).isEqualTo(document.createdAt());
    assertThat(stored(task.id())).isEqualTo(claimed);
  }

  @Test
  void runInProgressKeepsWhatItWasGiven() {
    Task task = create();
    String given = url(claim(task.id()));
    change("file:///b");

    execute(
        task.id(),
        new Command.Progress(
            new Reporter(new RunRef(1, task.run().token()), "claim", "w"),
            10,
            "half",
            "still going"));
    Task repeated = claim(task.id());

    assertThat(url(repeated)).isEqualTo(given);
    assertThat(
            url(
                execute(
                    task.id(),
                    new Command.Complete(
                        new Reporter(new RunRef(1, task.run().token()), "claim", "w"),
                        RunEnd.of("done"),
                        List.of(),
                        null))))
        .isEqualTo(given);
  }

  @Test
  void messageOfRetryCarriesChangedDocument() {
    Task task = create();
    claim(task.id());
    fail(task.id(), TaskState.BAD_REQUEST);
    change("file:///b");

    execute(task.id(), new Command.Retry("ann"));

    assertThat(published).extracting(HandedOutDocumentTest::url).endsWith("file:///b");
    assertThat(stored(task.id()).spec().document().version()).isEqualTo(2);
  }

  @Test
  void messageOfDelayedRunCarriesDocumentAsItIsWhenItIsPublished() {
    Task task = create();
    claim(task.id());
    fail(task.id(), TaskState.ERROR_PROXY);
    change("file:///b");
    assertThat(url(stored(task.id()))).isEqualTo(document.target().url());
    change("file:///c");
    now = now.plus(Duration.ofHours(1));

    Versioned<Task> due = store.find(task.id()).toCompletableFuture().join().orElseThrow();
    tasks.execute(due, new Command.Publish()).toCompletableFuture().join();

    assertThat(url(published.get(published.size() - 1))).isEqualTo("file:///c");
  }

  @Test
  void readsDocumentOnlyWhenRunIsHandedOut() {
    Task task = create();
    execute(task.id(), new Command.Confirm(new RunRef(1, task.run().token())));
    assertThat(reads).isZero();
    claim(task.id());
    execute(
        task.id(),
        new Command.Heartbeat(new Reporter(new RunRef(1, task.run().token()), "claim", "w")));
    execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), "claim", "w"),
            RunEnd.of("done"),
            List.of(),
            null));
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void neverTakesAnotherDocumentOfTheSameId() {
    Task task = create();
    current =
        new TaskSpec.DocumentCopy(
            document.id(),
            new Target(document.target().id(), "file:///new", TargetType.TEXT, Map.of()),
            document.creator(),
            document.createdAt().plusSeconds(1),
            now,
            5);

    assertThat(claim(task.id()).spec().document()).isEqualTo(task.spec().document());
  }

  @Test
  void neverReplacesLaterVersionByEarlierOne() {
    Task task = create();
    TaskSpec.DocumentCopy first = current;
    change("file:///b");
    claim(task.id());
    current = first;
    fail(task.id(), TaskState.BAD_REQUEST);
    execute(task.id(), new Command.Retry("ann"));
    assertThat(url(stored(task.id()))).isEqualTo("file:///b");
  }

  @Test
  void createdDependencyHasCurrentDocument() {
    Task task = create();
    change("file:///b");
    TaskSpec spec = tasks.refreshed(task.spec()).toCompletableFuture().join();
    assertThat(
            url(
                TaskMachine.create(
                    new TaskId("d"),
                    spec.forDependency(new TaskKey("OCR"), Map.of()),
                    List.of(),
                    null,
                    TaskSamples.context(now).withProtocol("docket"))))
        .isEqualTo("file:///b");
  }
}

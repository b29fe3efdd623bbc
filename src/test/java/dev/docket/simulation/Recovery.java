package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.result.ResultId;
import dev.docket.store.Versioned;
import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.PendingEffect;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What comes after whatever happened: a server that makes its rounds, workers that do what they are
 * sent, and time that passes. Then everything is at rest, and as was promised.
 */
final class Recovery {

  private static final int MAX_ROUNDS = 2_000;

  private final InMemoryServer.SharedBackends shared;
  private final InMemoryServer server;

  private Recovery(InMemoryServer.SharedBackends shared, CrashingProxy seam) {
    this.shared = shared;
    this.server = new InMemoryServer(shared, seam);
  }

  /** The server that comes after it dies as well, at one of its calls; then comes a third. */
  static void withAnotherDeath(InMemoryServer.SharedBackends shared, CrashPoint crashPoint) {
    try {
      new Recovery(shared, crashPoint).comeToRest();
    } catch (CompletionException | CrashPoint.Death death) {
      assertThat(crashPoint.dead).isTrue();
    }
    of(shared);
  }

  /** Lets time pass until nothing moves any more, and looks whether that is how it should be. */
  static void of(InMemoryServer.SharedBackends shared) {
    Recovery aftermath = new Recovery(shared, CrashingProxy.OPEN);
    aftermath.comeToRest();
    aftermath.check();
  }

  void comeToRest() {
    int quiet = 0;
    for (int round = 0; quiet < 5; round++) {
      assertThat(round)
          .as("rounds until all is at rest: %s", shared.tasks.all())
          .isLessThan(MAX_ROUNDS);
      int before = shared.recorder.writes;
      boolean busy = !shared.queue.isEmpty();
      round();
      boolean moved = busy || shared.recorder.writes != before;
      if (moved || !skipToTheNextThingDue()) {
        quiet = moved ? 0 : quiet + 1;
      }
    }
  }

  private void round() {
    server.pass(InMemoryServer.LOOKS);
    server.overdue.run();
    server.unroutable.run();
    server.purge.run();
    server.unanswered.run();
    server.leases.run();
    waitingTasksKnowBest();
    while (!shared.queue.isEmpty()) {
      // It stays in the queue until the worker has its answer.
      Task sent = shared.queue.get(0);
      work(sent);
      shared.queue.remove(sent);
    }
  }

  /** What outboxes see to needs no repair. */
  private void waitingTasksKnowBest() {
    int before = shared.recorder.writes;
    server.waiting.run();
    assertThat(shared.recorder.writes).as("repairs of %s", shared.tasks.all()).isEqualTo(before);
  }

  /** Leases are watched look by look; all else that has a time may have it now. */
  private boolean skipToTheNextThingDue() {
    if (!shared.tasks.running(null, 1).isEmpty()
        && shared.tasks.running(null, 1000).stream().anyMatch(t -> t.value().lease() != null)) {
      return true;
    }
    Optional<Instant> next =
        Stream.concat(
                shared.tasks.all().stream().flatMap(t -> dueTimes(t.value())),
                shared.documents.all().stream()
                    .map(d -> d.value().purgeDue())
                    .filter(due -> due != null))
            .min(Instant::compareTo);
    next.filter(due -> due.isAfter(shared.now)).ifPresent(due -> shared.now = due);
    return next.isPresent();
  }

  private static Stream<Instant> dueTimes(Task task) {
    Stream<Instant> outbox = task.outbox().stream().map(PendingEffect::due);
    boolean open = !task.state().isFinished() && task.unansweredAfter() != null;
    return open ? Stream.concat(outbox, Stream.of(task.unansweredAfter())) : outbox;
  }

  /** A worker that does what it is sent, at once. */
  private void work(Task sent) {
    boolean claims = server.of(sent).ackMode() == Policy.AckMode.CLAIMS;
    String claimId = claims ? "willing " + shared.now + sent.run() : null;
    if (claims) {
      execute(sent.id(), new Command.Claim(sent.attempt(), sent.run(), claimId, "willing", false));
    }
    execute(
        sent.id(),
        new Command.Complete(
            sent.attempt(), sent.run(), claimId, "willing", "done", results("willing")));
  }

  /** The task may be gone. */
  private void execute(TaskId id, Command command) {
    server.tasks.execute(id, command).toCompletableFuture().exceptionally(Recovery::gone).join();
  }

  private static Decision gone(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof CrashPoint.Death death) {
      throw death;
    }
    assertThat(cause).isInstanceOf(TaskNotFound.class);
    return null;
  }

  static List<ResultDraft> results(String... payloads) {
    return Stream.of(payloads).map(p -> new ResultDraft(TextNode.valueOf(p), Map.of())).toList();
  }

  void check() {
    shared.recorder.seesNothingAmiss();
    for (Versioned<Task> found : shared.tasks.all()) {
      isAtRest(found.value());
    }
    assertThat(shared.documents.all())
        .as("tombstones go")
        .noneMatch(document -> document.value().deleted());
    resultsAreThoseThatCount();
    theLateChangeNothing();
  }

  private void isAtRest(Task task) {
    assertThat(task.deleted()).as("%s", task).isFalse();
    assertThat(task.outbox()).as("%s", task).isEmpty();
    assertThat(task.cancelRequestedAt()).as("%s", task).isNull();
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      assertThat(task.spec().onDependencyFailure())
          .as("%s", task)
          .isEqualTo(OnDependencyFailure.WAIT);
      assertThat(task.dependsOn()).as("%s", task).anyMatch(d -> isOpenOrFailed(d));
      return;
    }
    assertThat(task.state().isFinished()).as("%s", task).isTrue();
    if (task.state() == TaskState.FAILED_DEPENDENCY) {
      assertThat(task.dependsOn()).as("%s", task).anyMatch(d -> isOpenOrFailed(d));
    }
    shared.documents.all().stream()
        .map(Versioned::value)
        .filter(document -> document.id().equals(task.spec().document().id()))
        .findFirst()
        .ifPresentOrElse(
            document -> isOf(task, document),
            () -> assertThat(task).as("a task of a document that is gone").isNull());
  }

  private static void isOf(Task task, Document document) {
    assertThat(task.spec().document().createdAt()).isEqualTo(document.createdAt());
  }

  private boolean isOpenOrFailed(Dependency dependency) {
    Optional<Versioned<Task>> there =
        shared.tasks.find(dependency.id()).toCompletableFuture().join();
    return there.isEmpty()
        || there.orElseThrow().value().state() != TaskState.SUCCESS
        || dependency.attempt() == Command.GONE;
  }

  private void resultsAreThoseThatCount() {
    Set<ResultId> stored =
        shared.results.all().stream().map(r -> r.value().id()).collect(Collectors.toSet());
    Set<ResultId> counting = new HashSet<>();
    for (Versioned<Task> found : shared.tasks.all()) {
      Task task = found.value();
      RunResults results = task.results();
      for (int i = 0; results != null && i < results.count(); i++) {
        ResultId id = ResultId.of(task.id(), results, i);
        // Of one that a foreign worker was saving the number is taken before it is there.
        if (stored.contains(id) || server.of(task).ackMode() == Policy.AckMode.CLAIMS) {
          counting.add(id);
        }
      }
      if (task.state() == TaskState.SUCCESS) {
        assertThat(results).as("%s", task).isNotNull();
        assertThat(results.run()).as("%s", task).isEqualTo(task.run());
      }
    }
    assertThat(stored).as("results of %s", shared.tasks.all()).isEqualTo(counting);
  }

  /** Whoever had a run once, and now comes with its end. */
  private void theLateChangeNothing() {
    for (InvariantRecorder.Run run : shared.recorder.runs()) {
      Optional<Versioned<Task>> before = shared.tasks.find(run.id).toCompletableFuture().join();
      if (before.isEmpty() || before.orElseThrow().value().isRun(run.attempt, run.token)) {
        continue;
      }
      TaskId id = run.id;
      String claimId = run.claimId;
      Decision told =
          server.execute(
              id,
              new Command.Complete(
                  run.attempt, run.token, claimId, "late", "late", results("late")));
      server.execute(
          id,
          new Command.Fail(
              run.attempt, run.token, claimId, "late", TaskState.ERROR, "late", List.of()));
      server.execute(id, new Command.Heartbeat(run.attempt, run.token, claimId, "late"));
      server.execute(id, new Command.Confirm(run.attempt, run.token));
      server.execute(id, new Command.Unroutable(run.attempt, run.token));
      assertThat(told.refused()).as("%s", told).isTrue();
      assertThat(but(server.now(id))).isEqualTo(but(before.orElseThrow().value()));
    }
    assertThat(shared.queue).isEmpty();
  }

  /** What a late answer may not change: all but the counter in the history. */
  private static List<Object> but(Task task) {
    return java.util.Arrays.asList(
        task.state(),
        task.message(),
        task.attempt(),
        task.run(),
        task.failures(),
        task.lease(),
        task.results(),
        task.dependsOn(),
        task.dependents(),
        task.outbox(),
        task.dueAt(),
        task.finishedAt(),
        task.progress());
  }
}

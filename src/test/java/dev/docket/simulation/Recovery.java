package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.result.PayloadPart;
import dev.docket.result.Result;
import dev.docket.store.Versioned;
import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Duration;
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
 * Brings the system to rest after a scenario and checks the invariants: a server runs its sweeps,
 * workers complete what they receive, and time passes until nothing changes any more.
 */
final class Recovery {

  private static final int MAX_ROUNDS = 2_000;

  private final InMemoryServer.SharedBackends shared;
  private final InMemoryServer server;

  private Recovery(InMemoryServer.SharedBackends shared, CrashingProxy proxy) {
    this.shared = shared;
    this.server = new InMemoryServer(shared, proxy);
  }

  /** As {@link #verify}, but a server that recovers crashes first, and a third one takes over. */
  static void verifyAfterAnotherCrash(InMemoryServer.SharedBackends shared, CrashPoint crashPoint) {
    try {
      new Recovery(shared, crashPoint).runUntilIdle();
    } catch (CompletionException | CrashPoint.ServerCrashed e) {
      assertThat(crashPoint.crashed).isTrue();
    }
    verify(shared);
  }

  /** Lets time pass until nothing changes any more, and then checks the invariants. */
  static void verify(InMemoryServer.SharedBackends shared) {
    Recovery recovery = new Recovery(shared, CrashingProxy.PASS_THROUGH);
    recovery.runUntilIdle();
    recovery.check();
  }

  private void runUntilIdle() {
    int idleRounds = 0;
    for (int round = 0; idleRounds < 5; round++) {
      assertThat(round)
          .as("rounds until nothing changes: %s", shared.tasks.all())
          .isLessThan(MAX_ROUNDS);
      int before = shared.recorder.writes;
      boolean busy = !shared.queue.isEmpty();
      runRound();
      boolean changed = busy || shared.recorder.writes != before;
      if (changed || !advanceToNextDueTime()) {
        idleRounds = changed ? 0 : idleRounds + 1;
      }
    }
  }

  private void runRound() {
    server.advanceClock(InMemoryServer.LEASE_CHECK_INTERVAL);
    server.overdue.run();
    server.unroutable.run();
    server.slots.run();
    server.admit();
    server.purge.run();
    server.unanswered.run();
    server.leases.run();
    server.resultSweep.run();
    assertWaitingSweepRepairsNothing();
    while (!shared.queue.isEmpty()) {
      // The message stays in the queue until the worker has its response.
      Task sent = shared.queue.get(0);
      complete(sent);
      shared.queue.remove(sent);
    }
  }

  /** Outboxes alone must wake waiting tasks; the sweep finds nothing to repair. */
  private void assertWaitingSweepRepairsNothing() {
    int before = shared.recorder.writes;
    server.waiting.run();
    assertThat(shared.recorder.writes).as("repairs of %s", shared.tasks.all()).isEqualTo(before);
  }

  /**
   * Advances the clock to the next due time, unless a task has a lease: the lease sweep needs
   * regular checks.
   *
   * @return whether anything is still due or leased
   */
  private boolean advanceToNextDueTime() {
    if (!shared.tasks.running(null, 1).isEmpty()
        && shared.tasks.running(null, 1000).stream()
            .anyMatch(t -> t.value().run().lease() != null)) {
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
    boolean open = !task.state().isFinished() && task.run().unansweredAfter() != null;
    return open ? Stream.concat(outbox, Stream.of(task.run().unansweredAfter())) : outbox;
  }

  /** Acts as a worker that completes the task immediately. */
  private void complete(Task sent) {
    boolean claims = server.of(sent).ackMode() == Policy.AckMode.CLAIMS;
    String claimId = claims ? "claim " + shared.now + sent.run().token() : null;
    if (claims) {
      execute(
          sent.id(),
          Command.Claim.byWorker(new Reporter(sent.run().ref(), claimId, "worker"), null));
    }
    execute(
        sent.id(),
        new Command.Complete(
            new Reporter(sent.run().ref(), claimId, "worker"),
            RunEnd.of("done"),
            results("worker"),
            null));
  }

  /** Executes the command. The task may no longer exist. */
  private void execute(TaskId id, Command command) {
    server
        .tasks
        .execute(id, command)
        .toCompletableFuture()
        .exceptionally(Recovery::ignoreTaskNotFound)
        .join();
  }

  private static Decision ignoreTaskNotFound(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof CrashPoint.ServerCrashed crashed) {
      throw crashed;
    }
    assertThat(cause).isInstanceOf(TaskNotFound.class);
    return null;
  }

  static List<ResultDraft> results(String... payloads) {
    return Stream.of(payloads).map(p -> new ResultDraft(TextNode.valueOf(p), Map.of())).toList();
  }

  private void check() {
    shared.recorder.assertNoViolations();
    assertThat(shared.slots.occupied(null, 100)).as("occupied slots").isEmpty();
    for (Versioned<Task> found : shared.tasks.all()) {
      assertAtRest(found.value());
    }
    assertThat(shared.documents.all())
        .as("documents that are marked as deleted are removed")
        .noneMatch(document -> document.value().deleted());
    server.advanceClock(Duration.ofDays(2));
    server.resultSweep.run();
    server.payloadSweep.run();
    assertOnlyListedResultsAreStored();
    assertOnlyPayloadsOfResultsAreStored();
    assertStaleCommandsChangeNothing();
  }

  private void assertAtRest(Task task) {
    assertThat(task.deleted()).as("%s", task).isFalse();
    assertThat(task.outbox()).as("%s", task).isEmpty();
    assertThat(task.run().cancelRequestedAt()).as("%s", task).isNull();
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
            document -> assertBelongsTo(task, document),
            () -> assertThat(task).as("a task whose document was removed").isNull());
  }

  private static void assertBelongsTo(Task task, Document document) {
    assertThat(task.spec().document().createdAt()).isEqualTo(document.createdAt());
  }

  private boolean isOpenOrFailed(Dependency dependency) {
    Optional<Versioned<Task>> found =
        shared.tasks.find(dependency.id()).toCompletableFuture().join();
    return found.isEmpty()
        || found.orElseThrow().value().state() != TaskState.SUCCESS
        || dependency.attempt() == Command.GONE_ATTEMPT;
  }

  /**
   * Exactly the results of the listed runs are stored, and those that were saved in the current
   * run. A saved result is noted before it is stored, so it may be missing.
   */
  private void assertOnlyListedResultsAreStored() {
    Map<ResultId, Result> stored =
        shared.results.all().stream()
            .map(Versioned::value)
            .collect(Collectors.toMap(Result::id, result -> result));
    Set<ResultId> expected = new HashSet<>();
    for (Versioned<Task> found : shared.tasks.all()) {
      Task task = found.value();
      for (ResultRun run : task.resultRuns()) {
        List<ResultId> ids = run.resultIds(task.id());
        assertThat(stored).as("results of %s", task).containsKeys(ids.toArray(ResultId[]::new));
        assertThat(ids).map(stored::get).as("results of %s", task).allMatch(Result::visible);
        assertThat(ids)
            .map(stored::get)
            .as("results of %s", task)
            .allMatch(result -> result.latest() == run.equals(task.latestResults()));
        expected.addAll(ids);
      }
      for (ResultId id : task.run().saved()) {
        if (stored.containsKey(id)) {
          assertThat(stored.get(id).visible()).as("saved result of %s", task).isFalse();
          expected.add(id);
        }
      }
    }
    assertThat(stored.keySet()).as("results of %s", shared.tasks.all()).isEqualTo(expected);
  }

  private void assertOnlyPayloadsOfResultsAreStored() {
    Map<ResultId, List<PayloadPart>> parts =
        shared.payloads.all().stream().collect(Collectors.groupingBy(PayloadPart::result));
    Set<ResultId> large = new HashSet<>();
    for (Versioned<Result> found : shared.results.all()) {
      Result result = found.value();
      if (result.payloadBytes() != null) {
        large.add(result.id());
        assertThat(parts).as("payload of %s", result).containsKey(result.id());
        assertThat(parts.get(result.id()).stream().mapToLong(part -> part.bytes().length).sum())
            .as("payload of %s", result)
            .isEqualTo(result.payloadBytes());
      }
    }
    assertThat(parts.keySet()).as("payloads").isEqualTo(large);
  }

  /** Commands from every run that is no longer current must be refused. */
  private void assertStaleCommandsChangeNothing() {
    for (InvariantRecorder.Run run : shared.recorder.runs()) {
      Optional<Versioned<Task>> before = shared.tasks.find(run.id).toCompletableFuture().join();
      if (before.isEmpty()
          || before.orElseThrow().value().isCurrentRun(new RunRef(run.attempt, run.token))) {
        continue;
      }
      TaskId id = run.id;
      String claimId = run.claimId;
      Decision decision =
          server.execute(
              id,
              new Command.Complete(
                  new Reporter(new RunRef(run.attempt, run.token), claimId, "late"),
                  RunEnd.of("late"),
                  results("late"),
                  null));
      server.execute(
          id,
          Command.Fail.of(
              new Reporter(new RunRef(run.attempt, run.token), claimId, "late"),
              TaskState.ERROR,
              RunEnd.of("late"),
              List.of()));
      server.execute(
          id,
          new Command.Heartbeat(new Reporter(new RunRef(run.attempt, run.token), claimId, "late")));
      server.execute(id, new Command.Confirm(new RunRef(run.attempt, run.token)));
      server.execute(id, new Command.Unroutable(new RunRef(run.attempt, run.token)));
      assertThat(decision.refused()).as("%s", decision).isTrue();
      assertThat(withoutHistory(server.task(id)))
          .isEqualTo(withoutHistory(before.orElseThrow().value()));
    }
    assertThat(shared.queue).isEmpty();
  }

  /** What a stale command must not change: everything but the counter in the history. */
  private static List<Object> withoutHistory(Task task) {
    return java.util.Arrays.asList(
        task.state(),
        task.message(),
        task.run().attempt(),
        task.run().token(),
        task.run().failures(),
        task.run().lease(),
        task.resultRuns(),
        task.run().saved(),
        task.dependsOn(),
        task.dependents(),
        task.outbox(),
        task.run().dueAt(),
        task.run().finishedAt(),
        task.run().progress());
  }
}

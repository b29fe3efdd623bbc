package dev.docket.simulation;

import dev.docket.auth.Caller;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.NewDocument;
import dev.docket.task.KeyLimits;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A scenario in the lifecycle of one or more tasks, to be run with failures at each call. */
record TaskScenario(String name, Consumer<ScenarioActors> script) {

  private static final TaskState FINAL_FAILURE = TaskState.ERROR;
  private static final TaskState RETRIED_FAILURE = TaskState.ERROR_PROXY;
  private static final TaskState NEEDS_DEPENDENCY = TaskState.UNFINISHED_DEPENDENCY;

  /** The policy of a worker that does not claim. */
  static final Policy LATE =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          Duration.ofMinutes(30),
          Duration.ofDays(7),
          10);

  /** Scenarios with one task. */
  static List<TaskScenario> singleTask() {
    return List.of(
        new TaskScenario("succeeds", TaskScenario::succeeds),
        new TaskScenario("is delayed", TaskScenario::delayed),
        new TaskScenario("fails and is retried by the server", TaskScenario::failsAndIsRetried),
        new TaskScenario("fails and is retried by a user", TaskScenario::retriedByUser),
        new TaskScenario("is given back", TaskScenario::givenBack),
        new TaskScenario("times out", actors -> observed(actors, new Command.TimedOut())),
        new TaskScenario("loses its worker", actors -> observed(actors, new Command.LeaseLost())),
        new TaskScenario("is cancelled in the queue", TaskScenario::cancelledInQueue),
        new TaskScenario("is cancelled, and its worker stops", TaskScenario::cancelledWhileRunning),
        new TaskScenario(
            "is cancelled, and its worker is lost", TaskScenario::cancelledAndWorkerLost),
        new TaskScenario(
            "is cancelled, and its worker completes it", TaskScenario::cancelledAndCompleted),
        new TaskScenario(
            "is forced to retry while it runs", TaskScenario::forceRetriedWhileRunning),
        new TaskScenario(
            "is forced to retry after success", TaskScenario::forceRetriedAfterSuccess),
        new TaskScenario("is reset after success", TaskScenario::resetAfterSuccess),
        new TaskScenario("is reset with all tasks of its key", TaskScenario::massReset),
        new TaskScenario("is unroutable until a queue is bound", TaskScenario::unroutable),
        new TaskScenario("is unanswered for days", TaskScenario::unanswered),
        new TaskScenario(
            "is created while the broker is unreachable", TaskScenario::brokerUnreachable),
        new TaskScenario(
            "receives several commands in one batch", TaskScenario::commandsInOneBatch),
        new TaskScenario("saves results and completes", TaskScenario::savesAndCompletes),
        new TaskScenario("saves results and is cancelled", TaskScenario::savesAndIsCancelled),
        new TaskScenario("is deleted with its results", TaskScenario::deleted),
        new TaskScenario(
            "is deleted before its results are stored", TaskScenario::deletedBeforeResultsStored));
  }

  /** Scenarios with a key whose concurrency is 1. */
  static List<TaskScenario> limitedKey() {
    return List.of(
        new TaskScenario("tasks follow each other", TaskScenario::limitedInTurn),
        new TaskScenario("a limited task is given back", TaskScenario::limitedGivenBack),
        new TaskScenario("a limited task is deleted", TaskScenario::limitedDeleted),
        new TaskScenario("a limited task is forced to retry", TaskScenario::limitedForceRetried),
        new TaskScenario("a limited task is unroutable", TaskScenario::limitedUnroutable),
        new TaskScenario("a key is limited later", TaskScenario::limitedLater),
        new TaskScenario("a key is paused and resumed", TaskScenario::pausedAndResumed));
  }

  /** Scenarios with dependencies between tasks, and with deleted documents. */
  static List<TaskScenario> dependentTasks() {
    return List.of(
        new TaskScenario("creates its dependency", TaskScenario::createsDependency),
        new TaskScenario("depends on an existing task", TaskScenario::dependsOnExistingTask),
        new TaskScenario("depends on an ended task", TaskScenario::dependsOnEndedTask),
        new TaskScenario(
            "depends on a task that fails and is retried", TaskScenario::dependsOnRetriedTask),
        new TaskScenario(
            "runs although its dependency fails", TaskScenario::runsAfterFailedDependency),
        new TaskScenario(
            "waits although its dependency fails", TaskScenario::waitsAfterFailedDependency),
        new TaskScenario(
            "its worker names its dependencies", TaskScenario::workerNamesDependencies),
        new TaskScenario(
            "its worker waits for any task of the document", TaskScenario::workerWaitsForAny),
        new TaskScenario("its dependency is deleted", TaskScenario::dependencyDeleted),
        new TaskScenario("is cancelled while it waits", TaskScenario::cancelledWhileWaiting),
        new TaskScenario("two tasks depend on each other", TaskScenario::cycle),
        new TaskScenario("its document is deleted", TaskScenario::documentDeleted),
        new TaskScenario(
            "its document is registered again", TaskScenario::documentRegisteredAgain));
  }

  /**
   * Scenarios with more dependents than the task's list holds. They make too many calls for a
   * failure at each of them.
   */
  static List<TaskScenario> manyDependents() {
    return List.of(
        new TaskScenario(
            "one dependent more than the list holds", TaskScenario::oneDependentTooMany),
        new TaskScenario(
            "more dependents than the list holds", TaskScenario::moreDependentsThanListed));
  }

  private static void succeeds(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          w.started();
          w.progress();
          w.heartbeat();
          w.complete("one", "two");
        });
  }

  private static void delayed(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.call(
        s ->
            s.submit(
                document,
                "A",
                List.of(),
                OnDependencyFailure.FAIL,
                Instant.parse("2026-03-01T11:00:00Z")));
    actors.advanceClock(Duration.ofHours(1));
    actors.run(s -> s.overdue);
    complete(actors, "one");
  }

  private static void complete(ScenarioActors actors, String... results) {
    actors.processNextMessage(
        w -> {
          w.claim();
          w.complete(results);
        });
  }

  private static void fail(ScenarioActors actors, TaskState state) {
    actors.processNextMessage(
        w -> {
          w.claim();
          w.fail(state);
        });
  }

  private static void failsAndIsRetried(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    for (int i = 0; i < 2; i++) {
      fail(actors, RETRIED_FAILURE);
      actors.advanceClock(Duration.ofMinutes(5));
      actors.run(s -> s.overdue);
    }
    complete(actors, "one");
  }

  private static void retriedByUser(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    fail(actors, FINAL_FAILURE);
    actors.execute(id, new Command.Retry("ann"));
    complete(actors, "one");
  }

  private static void givenBack(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          w.giveBack();
        });
    actors.advanceClock(Duration.ofSeconds(5));
    actors.run(s -> s.overdue);
    complete(actors, "one");
  }

  private static void observed(ScenarioActors actors, Command.Observed command) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          w.heartbeat();
          if (actors.shared.tasks.find(id).toCompletableFuture().join().isPresent()) {
            actors.observe(id, command);
          }
          w.complete("too late");
        });
    actors.advanceClock(Duration.ofMinutes(5));
    actors.run(s -> s.overdue);
    complete(actors, "one");
  }

  private static void cancelledInQueue(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.execute(id, new Command.Cancel("ann"));
    complete(actors, "too late");
    actors.execute(id, new Command.Retry("ann"));
  }

  private static void cancelledWhileRunning(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.execute(id, new Command.Cancel("ann"));
          w.heartbeat();
          w.cancelConfirmed();
        });
  }

  private static void cancelledAndWorkerLost(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.execute(id, new Command.Cancel("ann"));
        });
  }

  private static void cancelledAndCompleted(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.execute(id, new Command.Cancel("ann"));
          w.complete("result");
        });
  }

  private static void forceRetriedWhileRunning(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.execute(id, new Command.ForceRetry("ann"));
          w.complete("too late");
        });
    complete(actors, "one");
  }

  private static void forceRetriedAfterSuccess(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    complete(actors, "one", "two");
    actors.execute(id, new Command.ForceRetry("ann"));
    complete(actors, "three");
  }

  private static void resetAfterSuccess(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    complete(actors, "one");
    actors.execute(id, new Command.Reset("ann"));
    fail(actors, FINAL_FAILURE);
  }

  private static void massReset(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    fail(actors, FINAL_FAILURE);
    fail(actors, FINAL_FAILURE);
    TaskKey key = TaskKey.fromString("A");
    actors.call(
        s -> {
          s.massReset.reset(key, FINAL_FAILURE, Caller.ANONYMOUS);
          return CompletableFuture.completedStage(null);
        });
    complete(actors, "one");
  }

  private static void unroutable(ScenarioActors actors) {
    actors.setBrokerOutcome(PublishOutcome.UNROUTABLE);
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    actors.run(s -> s.unroutable);
    actors.setBrokerOutcome(PublishOutcome.CONFIRMED);
    actors.run(s -> s.unroutable);
    complete(actors, "one");
  }

  private static void unanswered(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.shared.queue.clear();
    actors.advanceClock(Duration.ofDays(8));
    actors.run(s -> s.unanswered);
    complete(actors, "one");
  }

  private static void brokerUnreachable(ScenarioActors actors) {
    actors.setBrokerOutcome(PublishOutcome.NOT_NOW);
    actors.create(actors.document("film"), "A");
    actors.advanceClock(Duration.ofMinutes(1));
    actors.run(s -> s.overdue);
    actors.setBrokerOutcome(PublishOutcome.CONFIRMED);
    actors.run(s -> s.overdue);
    complete(actors, "one");
  }

  private static void commandsInOneBatch(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          Command heartbeat =
              new Command.Heartbeat(new Reporter(w.sent().run().ref(), w.claimId(), "w"));
          actors.executeTogether(
              id,
              heartbeat,
              new Command.Cancel("ann"),
              w.completion(w.claimId(), "one"),
              w.completion("another claim", "two"),
              new Command.ForceRetry("ann"),
              w.completion(w.claimId(), "three"));
        });
    complete(actors, "four");
  }

  private static void savesAndCompletes(ScenarioActors actors) {
    actors.shared.policies.put(TaskKey.fromString("LATE"), LATE);
    TaskId id = actors.create(actors.document("film"), "LATE");
    save(actors, id, "saved");
    save(actors, id, "saved too");
    actors.processNextMessage(
        w -> {
          actors.execute(id, w.completion(null, "completed"));
          w.acknowledge();
        });
  }

  private static void savesAndIsCancelled(ScenarioActors actors) {
    actors.shared.policies.put(TaskKey.fromString("LATE"), LATE);
    TaskId id = actors.create(actors.document("film"), "LATE");
    save(actors, id, "saved");
    actors.execute(id, new Command.Cancel("ann"));
    actors.execute(id, new Command.Retry("ann"));
    save(actors, id, "saved again");
    actors.execute(id, new Command.ForceRetry("ann"));
  }

  private static void save(ScenarioActors actors, TaskId id, String payload) {
    ResultDraft draft = Recovery.results(payload).get(0);
    actors.call(
        s ->
            s.saved
                .note(id, payload.getBytes(StandardCharsets.UTF_8))
                .thenCompose(noted -> s.saved.store(noted, draft)));
  }

  private static void deleted(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    complete(actors, "one", "two");
    actors.execute(id, new Command.Delete("ann"));
  }

  private static void deletedBeforeResultsStored(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.executeTogether(id, w.completion(w.claimId(), "one"), new Command.Delete("ann"));
        });
  }

  private static void limit(ScenarioActors actors, KeyLimits limits) {
    actors.shared.limits.put(TaskKey.fromString("A"), limits);
  }

  private static void limitToOne(ScenarioActors actors) {
    limit(actors, new KeyLimits(null, 1, null));
  }

  private static void admit(ScenarioActors actors) {
    actors.call(
        s -> {
          s.admit();
          return CompletableFuture.completedStage(null);
        });
  }

  private static void limitedInTurn(ScenarioActors actors) {
    limitToOne(actors);
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    actors.create(actors.document("song"), "A");
    admit(actors);
    // From now on, every server knows the limit, and a slot is given on without a search.
    actors.advanceClock(Duration.ofSeconds(6));
    admit(actors);
    complete(actors, "one");
    complete(actors, "two");
    admit(actors);
    complete(actors, "three");
  }

  private static void limitedGivenBack(ScenarioActors actors) {
    limitToOne(actors);
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    admit(actors);
    actors.processNextMessage(
        w -> {
          w.claim();
          w.giveBack();
        });
    actors.advanceClock(Duration.ofSeconds(5));
    actors.run(s -> s.overdue);
    complete(actors, "one");
    admit(actors);
    complete(actors, "two");
  }

  private static void limitedDeleted(ScenarioActors actors) {
    limitToOne(actors);
    TaskId id = actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    admit(actors);
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.execute(id, new Command.Delete("ann"));
        });
    complete(actors, "one");
  }

  private static void limitedForceRetried(ScenarioActors actors) {
    limitToOne(actors);
    TaskId id = actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    admit(actors);
    actors.processNextMessage(
        w -> {
          w.claim();
          actors.execute(id, new Command.ForceRetry("ann"));
          w.complete("too late");
        });
    complete(actors, "one");
    admit(actors);
    complete(actors, "two");
  }

  private static void limitedUnroutable(ScenarioActors actors) {
    limitToOne(actors);
    actors.setBrokerOutcome(PublishOutcome.UNROUTABLE);
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    admit(actors);
    admit(actors);
    actors.setBrokerOutcome(PublishOutcome.CONFIRMED);
    actors.run(s -> s.unroutable);
    actors.processNextMessage(w -> w.claim());
    admit(actors);
    complete(actors, "one");
  }

  private static void limitedLater(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    limitToOne(actors);
    actors.processNextMessage(w -> w.claim());
    admit(actors);
    complete(actors, "one");
  }

  private static void pausedAndResumed(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    limit(actors, new KeyLimits(KeyLimits.Hold.PAUSED, null, null));
    actors.create(actors.document("book"), "A");
    actors.processNextMessage(w -> w.claim());
    admit(actors);
    limit(actors, KeyLimits.NONE);
    admit(actors);
    complete(actors, "one");
    complete(actors, "two");
  }

  private static void createsDependency(ScenarioActors actors) {
    actors.create(actors.document("film"), "B", "A");
    complete(actors, "a");
    complete(actors, "b");
  }

  private static void dependsOnExistingTask(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "A");
    actors.create(document, "B", "A");
    complete(actors, "a");
    complete(actors, "b");
  }

  private static void dependsOnEndedTask(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "A");
    complete(actors, "a");
    actors.create(document, "B", "A");
    complete(actors, "b");
  }

  private static void dependsOnRetriedTask(ScenarioActors actors) {
    TaskId a = createWithFailedDependency(actors, OnDependencyFailure.FAIL);
    actors.execute(a, new Command.Retry("ann"));
    complete(actors, "a");
    complete(actors, "b");
  }

  private static TaskId createWithFailedDependency(
      ScenarioActors actors, OnDependencyFailure rule) {
    Document document = actors.document("film");
    TaskId a = actors.create(document, "A");
    actors.create(document, "B", rule, List.of(ScenarioActors.existingTask(a, "A")));
    fail(actors, FINAL_FAILURE);
    return a;
  }

  private static void runsAfterFailedDependency(ScenarioActors actors) {
    createWithFailedDependency(actors, OnDependencyFailure.RUN);
    complete(actors, "b");
  }

  private static void waitsAfterFailedDependency(ScenarioActors actors) {
    TaskId a = createWithFailedDependency(actors, OnDependencyFailure.WAIT);
    actors.execute(a, new Command.Retry("ann"));
    complete(actors, "a");
  }

  private static void workerNamesDependencies(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "B");
    actors.processNextMessage(
        w -> {
          w.claim();
          w.fail(
              NEEDS_DEPENDENCY,
              ScenarioActors.taskToCreate(document, "A"),
              ScenarioActors.taskToCreate(document, "C"));
        });
    complete(actors, "a");
    complete(actors, "c");
    actors.advanceClock(Duration.ofSeconds(5));
    actors.run(s -> s.overdue);
    complete(actors, "b");
  }

  private static void workerWaitsForAny(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "B");
    actors.create(document, "A");
    actors.processNextMessage(
        w -> {
          w.claim();
          w.fail(NEEDS_DEPENDENCY);
        });
    complete(actors, "a");
    complete(actors, "b");
  }

  private static void dependencyDeleted(ScenarioActors actors) {
    Document document = actors.document("film");
    TaskId a = actors.create(document, "A");
    actors.create(
        document, "B", OnDependencyFailure.FAIL, List.of(ScenarioActors.existingTask(a, "A")));
    actors.execute(a, new Command.Delete("ann"));
  }

  private static void cancelledWhileWaiting(ScenarioActors actors) {
    TaskId b = actors.create(actors.document("film"), "B", "A");
    actors.execute(b, new Command.Cancel("ann"));
    complete(actors, "a");
    actors.execute(b, new Command.Retry("ann"));
  }

  private static void cycle(ScenarioActors actors) {
    Document document = actors.document("film");
    TaskId a = TaskId.of(document.id(), TaskKey.fromString("A"));
    actors.create(
        document,
        "A",
        OnDependencyFailure.FAIL,
        List.of(ScenarioActors.taskToCreate(document, "B")));
    actors.processNextMessage(
        w -> {
          w.claim();
          w.fail(NEEDS_DEPENDENCY, ScenarioActors.existingTask(a, "A"));
        });
  }

  private static void documentDeleted(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.withoutFailures(
        () -> {
          actors.create(document, "B", "A");
          complete(actors, "a");
          complete(actors, "b");
          actors.create(document, "C");
        });
    actors.call(s -> s.documents.delete(document.id()));
    actors.run(s -> s.purge);
    complete(actors, "too late");
    actors.advanceClock(Duration.ofMinutes(2));
    actors.run(s -> s.purge);
    actors.advanceClock(Duration.ofHours(2));
    actors.run(s -> s.purge);
  }

  private static void documentRegisteredAgain(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.withoutFailures(
        () -> {
          actors.create(document, "A");
          complete(actors, "a");
        });
    actors.call(s -> s.documents.delete(document.id()));
    actors.advanceClock(Duration.ofSeconds(1));
    Document sample = DocumentSamples.document("film");
    Document reregistered =
        actors.call(
            s ->
                s.documents.register(
                    new NewDocument(sample.target(), sample.creator(), Map.of()),
                    Caller.ANONYMOUS));
    if (reregistered == null) {
      return;
    }
    actors.create(reregistered, "B");
    actors.run(s -> s.purge);
    actors.create(reregistered, "A");
    complete(actors, "b");
    complete(actors, "a");
  }

  private static void oneDependentTooMany(ScenarioActors actors) {
    Document document = actors.document("film");
    TaskId[] a = new TaskId[1];
    actors.withoutFailures(
        () -> {
          a[0] = actors.create(document, "A");
          createDependents(actors, a[0], 200);
        });
    createDependents(actors, a[0], 1, "extra ");
    actors.withoutFailures(() -> complete(actors, "a"));
  }

  private static void moreDependentsThanListed(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.withoutFailures(
        () -> {
          TaskId a = actors.create(document, "A");
          createDependents(actors, a, 203);
        });
    complete(actors, "a");
  }

  private static void createDependents(ScenarioActors actors, TaskId a, int count) {
    createDependents(actors, a, count, "book ");
  }

  private static void createDependents(ScenarioActors actors, TaskId a, int count, String name) {
    for (int i = 0; i < count; i++) {
      actors.create(
          actors.document(name + i),
          "B",
          OnDependencyFailure.FAIL,
          List.of(ScenarioActors.existingTask(a, "A")));
    }
  }
}

package dev.docket.simulation;

import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.NewDocument;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What can happen in the lives of tasks, each step of it, to be tried with servers that die. */
record TaskLifecycles(String name, Consumer<ScenarioActors> script) {

  private static final TaskState FAILED = TaskState.ERROR;
  private static final TaskState FAILED_FOR_NOW = TaskState.ERROR_PROXY;
  private static final TaskState NEEDS = TaskState.UNFINISHED_DEPENDENCY;

  /** A kind of worker that claims nothing. */
  static final Policy LATE =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          Duration.ofMinutes(30),
          Duration.ofDays(7));

  /** One task and nothing else. */
  static List<TaskLifecycles> alone() {
    return List.of(
        new TaskLifecycles("a short life", TaskLifecycles::shortLife),
        new TaskLifecycles("not before its time", TaskLifecycles::delayed),
        new TaskLifecycles("fails and is tried again", TaskLifecycles::failsForNow),
        new TaskLifecycles("fails, and a person retries", TaskLifecycles::retried),
        new TaskLifecycles("given back", TaskLifecycles::givenBack),
        new TaskLifecycles("runs too long", p -> observed(p, new Command.TimedOut())),
        new TaskLifecycles("its worker is lost", p -> observed(p, new Command.LeaseLost())),
        new TaskLifecycles("cancelled in the queue", TaskLifecycles::cancelledWaiting),
        new TaskLifecycles("cancelled, and its worker stops", TaskLifecycles::cancelledRunning),
        new TaskLifecycles("cancelled, and its worker is lost", TaskLifecycles::cancelledAndLost),
        new TaskLifecycles(
            "cancelled, and completed all the same", TaskLifecycles::cancelledTooLate),
        new TaskLifecycles("forced anew under its worker's hands", TaskLifecycles::forcedRunning),
        new TaskLifecycles("forced anew after its success", TaskLifecycles::forcedDone),
        new TaskLifecycles("reset after its success", TaskLifecycles::resetDone),
        new TaskLifecycles("reset with all of its key", TaskLifecycles::massReset),
        new TaskLifecycles("no queue, and then one", TaskLifecycles::unroutable),
        new TaskLifecycles("nobody answers for days", TaskLifecycles::unanswered),
        new TaskLifecycles("the broker is away", TaskLifecycles::brokerAway),
        new TaskLifecycles("told many things at once", TaskLifecycles::folded),
        new TaskLifecycles("saves results and completes", TaskLifecycles::savesAndCompletes),
        new TaskLifecycles("saves results and is cancelled", TaskLifecycles::savesAndIsCancelled),
        new TaskLifecycles("deleted with its results", TaskLifecycles::deleted),
        new TaskLifecycles("deleted before its results are stored", TaskLifecycles::deletedAtOnce));
  }

  /** Tasks that need each other, and documents that go. */
  static List<TaskLifecycles> together() {
    return List.of(
        new TaskLifecycles("makes what it needs", TaskLifecycles::makesWhatItNeeds),
        new TaskLifecycles("needs what is there", TaskLifecycles::needsWhatIsThere),
        new TaskLifecycles("needs what is done", TaskLifecycles::needsWhatIsDone),
        new TaskLifecycles("needs what fails and is retried", TaskLifecycles::needsWhatFails),
        new TaskLifecycles("runs although what it needs fails", TaskLifecycles::runsAnyway),
        new TaskLifecycles("waits although what it needs fails", TaskLifecycles::waitsOn),
        new TaskLifecycles("its worker names what it needs", TaskLifecycles::workerNames),
        new TaskLifecycles("its worker needs anything", TaskLifecycles::workerNeedsAny),
        new TaskLifecycles("what it needs is deleted", TaskLifecycles::needsWhatIsDeleted),
        new TaskLifecycles("cancelled while it waits", TaskLifecycles::cancelledWhileItWaits),
        new TaskLifecycles("two that need each other", TaskLifecycles::circle),
        new TaskLifecycles("its document is deleted", TaskLifecycles::documentDeleted),
        new TaskLifecycles("its document comes again", TaskLifecycles::documentComesAgain));
  }

  /** One that more wait for than are listed: too long to be tried at each step of the setting. */
  static List<TaskLifecycles> crowded() {
    return List.of(
        new TaskLifecycles("the one too many enters", TaskLifecycles::oneTooMany),
        new TaskLifecycles("more wait than are listed", TaskLifecycles::moreThanListed));
  }

  private static void shortLife(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          w.started();
          w.progress();
          w.beat();
          w.complete("one", "two");
        });
  }

  private static void delayed(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.ask(
        h ->
            h.submit(
                document,
                "A",
                List.of(),
                OnDependencyFailure.FAIL,
                Instant.parse("2026-03-01T11:00:00Z")));
    actors.pass(Duration.ofHours(1));
    actors.run(h -> h.overdue);
    done(actors, "one");
  }

  private static void done(ScenarioActors actors, String... results) {
    actors.work(
        w -> {
          w.claim();
          w.complete(results);
        });
  }

  private static void failed(ScenarioActors actors, TaskState how) {
    actors.work(
        w -> {
          w.claim();
          w.fail(how);
        });
  }

  private static void failsForNow(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    for (int i = 0; i < 2; i++) {
      failed(actors, FAILED_FOR_NOW);
      actors.pass(Duration.ofMinutes(5));
      actors.run(h -> h.overdue);
    }
    done(actors, "one");
  }

  private static void retried(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    failed(actors, FAILED);
    actors.execute(id, new Command.Retry("ann"));
    done(actors, "one");
  }

  private static void givenBack(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          w.giveBack();
        });
    actors.pass(Duration.ofSeconds(5));
    actors.run(h -> h.overdue);
    done(actors, "one");
  }

  private static void observed(ScenarioActors actors, Command.Observed command) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          w.beat();
          if (actors.shared.tasks.find(id).toCompletableFuture().join().isPresent()) {
            actors.observe(id, command);
          }
          w.complete("too late");
        });
    actors.pass(Duration.ofMinutes(5));
    actors.run(h -> h.overdue);
    done(actors, "one");
  }

  private static void cancelledWaiting(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.execute(id, new Command.Cancel("ann"));
    done(actors, "too late");
    actors.execute(id, new Command.Retry("ann"));
  }

  private static void cancelledRunning(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          actors.execute(id, new Command.Cancel("ann"));
          w.beat();
          w.cancelConfirmed();
        });
  }

  private static void cancelledAndLost(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          actors.execute(id, new Command.Cancel("ann"));
        });
  }

  private static void cancelledTooLate(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          actors.execute(id, new Command.Cancel("ann"));
          w.complete("all the same");
        });
  }

  private static void forcedRunning(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          actors.execute(id, new Command.ForceRetry("ann"));
          w.complete("too late");
        });
    done(actors, "one");
  }

  private static void forcedDone(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    done(actors, "one", "two");
    actors.execute(id, new Command.ForceRetry("ann"));
    done(actors, "three");
  }

  private static void resetDone(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    done(actors, "one");
    actors.execute(id, new Command.Reset("ann"));
    failed(actors, FAILED);
  }

  private static void massReset(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    failed(actors, FAILED);
    failed(actors, FAILED);
    TaskKey key = TaskKey.fromString("A");
    actors.ask(
        h -> {
          h.massReset.reset(key, FAILED, "ann");
          return CompletableFuture.completedStage(null);
        });
    done(actors, "one");
  }

  private static void unroutable(ScenarioActors actors) {
    actors.broker(Sent.UNROUTABLE);
    actors.create(actors.document("film"), "A");
    actors.create(actors.document("book"), "A");
    actors.run(h -> h.unroutable);
    actors.broker(Sent.CONFIRMED);
    actors.run(h -> h.unroutable);
    done(actors, "one");
  }

  private static void unanswered(ScenarioActors actors) {
    actors.create(actors.document("film"), "A");
    actors.shared.queue.clear();
    actors.pass(Duration.ofDays(8));
    actors.run(h -> h.unanswered);
    done(actors, "one");
  }

  private static void brokerAway(ScenarioActors actors) {
    actors.broker(Sent.NOT_NOW);
    actors.create(actors.document("film"), "A");
    actors.pass(Duration.ofMinutes(1));
    actors.run(h -> h.overdue);
    actors.broker(Sent.CONFIRMED);
    actors.run(h -> h.overdue);
    done(actors, "one");
  }

  private static void folded(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          Command beat =
              new Command.Heartbeat(w.sent().attempt(), w.sent().run(), w.claimId(), "w");
          actors.fold(
              id,
              beat,
              new Command.Cancel("ann"),
              w.completion(w.claimId(), "one"),
              w.completion("another's", "two"),
              new Command.ForceRetry("ann"),
              w.completion(w.claimId(), "three"));
        });
    done(actors, "four");
  }

  private static void savesAndCompletes(ScenarioActors actors) {
    actors.shared.policies.put(TaskKey.fromString("LATE"), LATE);
    TaskId id = actors.create(actors.document("film"), "LATE");
    save(actors, id, "saved");
    save(actors, id, "saved too");
    actors.work(
        w -> {
          actors.execute(id, w.completion(null, "handed in"));
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

  private static void save(ScenarioActors actors, TaskId id, String what) {
    actors.ask(h -> h.saved.save(id, Recovery.results(what).get(0)));
  }

  private static void deleted(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    done(actors, "one", "two");
    actors.execute(id, new Command.Delete("ann"));
  }

  private static void deletedAtOnce(ScenarioActors actors) {
    TaskId id = actors.create(actors.document("film"), "A");
    actors.work(
        w -> {
          w.claim();
          actors.fold(id, w.completion(w.claimId(), "one"), new Command.Delete("ann"));
        });
  }

  private static void makesWhatItNeeds(ScenarioActors actors) {
    actors.create(actors.document("film"), "B", "A");
    done(actors, "a");
    done(actors, "b");
  }

  private static void needsWhatIsThere(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "A");
    actors.create(document, "B", "A");
    done(actors, "a");
    done(actors, "b");
  }

  private static void needsWhatIsDone(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "A");
    done(actors, "a");
    actors.create(document, "B", "A");
    done(actors, "b");
  }

  private static void needsWhatFails(ScenarioActors actors) {
    TaskId a = failing(actors, OnDependencyFailure.FAIL);
    actors.execute(a, new Command.Retry("ann"));
    done(actors, "a");
    done(actors, "b");
  }

  private static TaskId failing(ScenarioActors actors, OnDependencyFailure rule) {
    Document document = actors.document("film");
    TaskId a = actors.create(document, "A");
    actors.create(document, "B", rule, List.of(ScenarioActors.needed(a, "A")));
    failed(actors, FAILED);
    return a;
  }

  private static void runsAnyway(ScenarioActors actors) {
    failing(actors, OnDependencyFailure.RUN);
    done(actors, "b");
  }

  private static void waitsOn(ScenarioActors actors) {
    TaskId a = failing(actors, OnDependencyFailure.WAIT);
    actors.execute(a, new Command.Retry("ann"));
    done(actors, "a");
  }

  private static void workerNames(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "B");
    actors.work(
        w -> {
          w.claim();
          w.fail(
              NEEDS,
              ScenarioActors.toBeMade(document, "A"),
              ScenarioActors.toBeMade(document, "C"));
        });
    done(actors, "a");
    done(actors, "c");
    actors.pass(Duration.ofSeconds(5));
    actors.run(h -> h.overdue);
    done(actors, "b");
  }

  private static void workerNeedsAny(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.create(document, "B");
    actors.create(document, "A");
    actors.work(
        w -> {
          w.claim();
          w.fail(NEEDS);
        });
    done(actors, "a");
    done(actors, "b");
  }

  private static void needsWhatIsDeleted(ScenarioActors actors) {
    Document document = actors.document("film");
    TaskId a = actors.create(document, "A");
    actors.create(document, "B", OnDependencyFailure.FAIL, List.of(ScenarioActors.needed(a, "A")));
    actors.execute(a, new Command.Delete("ann"));
  }

  private static void cancelledWhileItWaits(ScenarioActors actors) {
    TaskId b = actors.create(actors.document("film"), "B", "A");
    actors.execute(b, new Command.Cancel("ann"));
    done(actors, "a");
    actors.execute(b, new Command.Retry("ann"));
  }

  private static void circle(ScenarioActors actors) {
    Document document = actors.document("film");
    TaskId a = TaskId.of(document.id(), TaskKey.fromString("A"));
    actors.create(
        document, "A", OnDependencyFailure.FAIL, List.of(ScenarioActors.toBeMade(document, "B")));
    actors.work(
        w -> {
          w.claim();
          w.fail(NEEDS, ScenarioActors.needed(a, "A"));
        });
  }

  private static void documentDeleted(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.given(
        () -> {
          actors.create(document, "B", "A");
          done(actors, "a");
          done(actors, "b");
          actors.create(document, "C");
        });
    actors.ask(h -> h.documents.delete(document.id()));
    actors.run(h -> h.purge);
    done(actors, "too late");
    actors.pass(Duration.ofMinutes(2));
    actors.run(h -> h.purge);
    actors.pass(Duration.ofHours(2));
    actors.run(h -> h.purge);
  }

  private static void documentComesAgain(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.given(
        () -> {
          actors.create(document, "A");
          done(actors, "a");
        });
    actors.ask(h -> h.documents.delete(document.id()));
    actors.pass(Duration.ofSeconds(1));
    Document sample = DocumentSamples.document("film");
    Document again =
        actors.ask(
            h ->
                h.documents.register(new NewDocument(sample.target(), sample.creator(), Map.of())));
    if (again == null) {
      return;
    }
    actors.create(again, "B");
    actors.run(h -> h.purge);
    actors.create(again, "A");
    done(actors, "b");
    done(actors, "a");
  }

  private static void oneTooMany(ScenarioActors actors) {
    Document document = actors.document("film");
    TaskId[] a = new TaskId[1];
    actors.given(
        () -> {
          a[0] = actors.create(document, "A");
          crowd(actors, a[0], 200);
        });
    crowd(actors, a[0], 1, "one too many ");
    actors.given(() -> done(actors, "a"));
  }

  private static void moreThanListed(ScenarioActors actors) {
    Document document = actors.document("film");
    actors.given(
        () -> {
          TaskId a = actors.create(document, "A");
          crowd(actors, a, 203);
        });
    done(actors, "a");
  }

  private static void crowd(ScenarioActors actors, TaskId a, int count) {
    crowd(actors, a, count, "book ");
  }

  private static void crowd(ScenarioActors actors, TaskId a, int count, String name) {
    for (int i = 0; i < count; i++) {
      actors.create(
          actors.document(name + i),
          "B",
          OnDependencyFailure.FAIL,
          List.of(ScenarioActors.needed(a, "A")));
    }
  }
}

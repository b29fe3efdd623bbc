package dev.docket.simulation;

import dev.docket.broker.TaskCourier.Sent;
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
record TaskLives(String name, Consumer<Play> script) {

  private static final TaskState FAILED = TaskState.ERROR;
  private static final TaskState FAILED_FOR_NOW = TaskState.ERROR_PROXY;
  private static final TaskState NEEDS = TaskState.UNFINISHED_DEPENDENCY;

  /** A kind of worker that claims nothing. */
  static final Policy LATE =
      new Policy(
          "dane",
          Policy.Way.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          Duration.ofMinutes(30),
          Duration.ofDays(7));

  /** One task and nothing else. */
  static List<TaskLives> alone() {
    return List.of(
        new TaskLives("a short life", TaskLives::shortLife),
        new TaskLives("not before its time", TaskLives::delayed),
        new TaskLives("fails and is tried again", TaskLives::failsForNow),
        new TaskLives("fails, and a person retries", TaskLives::retried),
        new TaskLives("given back", TaskLives::givenBack),
        new TaskLives("runs too long", p -> observed(p, new Command.TimedOut())),
        new TaskLives("its worker is lost", p -> observed(p, new Command.LeaseLost())),
        new TaskLives("cancelled in the queue", TaskLives::cancelledWaiting),
        new TaskLives("cancelled, and its worker stops", TaskLives::cancelledRunning),
        new TaskLives("cancelled, and its worker is lost", TaskLives::cancelledAndLost),
        new TaskLives("cancelled, and completed all the same", TaskLives::cancelledTooLate),
        new TaskLives("forced anew under its worker's hands", TaskLives::forcedRunning),
        new TaskLives("forced anew after its success", TaskLives::forcedDone),
        new TaskLives("reset after its success", TaskLives::resetDone),
        new TaskLives("reset with all of its key", TaskLives::massReset),
        new TaskLives("no queue, and then one", TaskLives::unroutable),
        new TaskLives("nobody answers for days", TaskLives::unanswered),
        new TaskLives("the broker is away", TaskLives::brokerAway),
        new TaskLives("told many things at once", TaskLives::folded),
        new TaskLives("saves results and completes", TaskLives::savesAndCompletes),
        new TaskLives("saves results and is cancelled", TaskLives::savesAndIsCancelled),
        new TaskLives("deleted with its results", TaskLives::deleted),
        new TaskLives("deleted before its results are stored", TaskLives::deletedAtOnce));
  }

  /** Tasks that need each other, and documents that go. */
  static List<TaskLives> together() {
    return List.of(
        new TaskLives("makes what it needs", TaskLives::makesWhatItNeeds),
        new TaskLives("needs what is there", TaskLives::needsWhatIsThere),
        new TaskLives("needs what is done", TaskLives::needsWhatIsDone),
        new TaskLives("needs what fails and is retried", TaskLives::needsWhatFails),
        new TaskLives("runs although what it needs fails", TaskLives::runsAnyway),
        new TaskLives("waits although what it needs fails", TaskLives::waitsOn),
        new TaskLives("its worker names what it needs", TaskLives::workerNames),
        new TaskLives("its worker needs anything", TaskLives::workerNeedsAny),
        new TaskLives("what it needs is deleted", TaskLives::needsWhatIsDeleted),
        new TaskLives("cancelled while it waits", TaskLives::cancelledWhileItWaits),
        new TaskLives("two that need each other", TaskLives::circle),
        new TaskLives("its document is deleted", TaskLives::documentDeleted),
        new TaskLives("its document comes again", TaskLives::documentComesAgain));
  }

  /** One that more wait for than are listed: too long to be tried at each step of the setting. */
  static List<TaskLives> crowded() {
    return List.of(
        new TaskLives("the one too many enters", TaskLives::oneTooMany),
        new TaskLives("more wait than are listed", TaskLives::moreThanListed));
  }

  private static void shortLife(Play play) {
    play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          w.started();
          w.progress();
          w.beat();
          w.complete("one", "two");
        });
  }

  private static void delayed(Play play) {
    Document document = play.document("film");
    play.ask(
        h ->
            h.submit(
                document,
                "A",
                List.of(),
                OnDependencyFailure.FAIL,
                Instant.parse("2026-03-01T11:00:00Z")));
    play.pass(Duration.ofHours(1));
    play.look(h -> h.overdue);
    done(play, "one");
  }

  private static void done(Play play, String... results) {
    play.work(
        w -> {
          w.claim();
          w.complete(results);
        });
  }

  private static void failed(Play play, TaskState how) {
    play.work(
        w -> {
          w.claim();
          w.fail(how);
        });
  }

  private static void failsForNow(Play play) {
    play.create(play.document("film"), "A");
    for (int i = 0; i < 2; i++) {
      failed(play, FAILED_FOR_NOW);
      play.pass(Duration.ofMinutes(5));
      play.look(h -> h.overdue);
    }
    done(play, "one");
  }

  private static void retried(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    failed(play, FAILED);
    play.tell(id, new Command.Retry("ann"));
    done(play, "one");
  }

  private static void givenBack(Play play) {
    play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          w.giveBack();
        });
    play.pass(Duration.ofSeconds(5));
    play.look(h -> h.overdue);
    done(play, "one");
  }

  private static void observed(Play play, Command.Observed command) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          w.beat();
          if (play.ground.tasks.find(id).toCompletableFuture().join().isPresent()) {
            play.observe(id, command);
          }
          w.complete("too late");
        });
    play.pass(Duration.ofMinutes(5));
    play.look(h -> h.overdue);
    done(play, "one");
  }

  private static void cancelledWaiting(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.tell(id, new Command.Cancel("ann"));
    done(play, "too late");
    play.tell(id, new Command.Retry("ann"));
  }

  private static void cancelledRunning(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          play.tell(id, new Command.Cancel("ann"));
          w.beat();
          w.cancelConfirmed();
        });
  }

  private static void cancelledAndLost(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          play.tell(id, new Command.Cancel("ann"));
        });
  }

  private static void cancelledTooLate(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          play.tell(id, new Command.Cancel("ann"));
          w.complete("all the same");
        });
  }

  private static void forcedRunning(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          play.tell(id, new Command.ForceRetry("ann"));
          w.complete("too late");
        });
    done(play, "one");
  }

  private static void forcedDone(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    done(play, "one", "two");
    play.tell(id, new Command.ForceRetry("ann"));
    done(play, "three");
  }

  private static void resetDone(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    done(play, "one");
    play.tell(id, new Command.Reset("ann"));
    failed(play, FAILED);
  }

  private static void massReset(Play play) {
    play.create(play.document("film"), "A");
    play.create(play.document("book"), "A");
    failed(play, FAILED);
    failed(play, FAILED);
    TaskKey key = TaskKey.fromString("A");
    play.ask(
        h -> {
          h.massReset.reset(key, FAILED, "ann");
          return CompletableFuture.completedStage(null);
        });
    done(play, "one");
  }

  private static void unroutable(Play play) {
    play.broker(Sent.UNROUTABLE);
    play.create(play.document("film"), "A");
    play.create(play.document("book"), "A");
    play.look(h -> h.unroutable);
    play.broker(Sent.CONFIRMED);
    play.look(h -> h.unroutable);
    done(play, "one");
  }

  private static void unanswered(Play play) {
    play.create(play.document("film"), "A");
    play.ground.queue.clear();
    play.pass(Duration.ofDays(8));
    play.look(h -> h.unanswered);
    done(play, "one");
  }

  private static void brokerAway(Play play) {
    play.broker(Sent.NOT_NOW);
    play.create(play.document("film"), "A");
    play.pass(Duration.ofMinutes(1));
    play.look(h -> h.overdue);
    play.broker(Sent.CONFIRMED);
    play.look(h -> h.overdue);
    done(play, "one");
  }

  private static void folded(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          Command beat =
              new Command.Heartbeat(w.sent().attempt(), w.sent().run(), w.claimId(), "w");
          play.fold(
              id,
              beat,
              new Command.Cancel("ann"),
              w.completion(w.claimId(), "one"),
              w.completion("another's", "two"),
              new Command.ForceRetry("ann"),
              w.completion(w.claimId(), "three"));
        });
    done(play, "four");
  }

  private static void savesAndCompletes(Play play) {
    play.ground.policies.put(TaskKey.fromString("LATE"), LATE);
    TaskId id = play.create(play.document("film"), "LATE");
    save(play, id, "saved");
    save(play, id, "saved too");
    play.work(
        w -> {
          play.tell(id, w.completion(null, "handed in"));
          w.acknowledge();
        });
  }

  private static void savesAndIsCancelled(Play play) {
    play.ground.policies.put(TaskKey.fromString("LATE"), LATE);
    TaskId id = play.create(play.document("film"), "LATE");
    save(play, id, "saved");
    play.tell(id, new Command.Cancel("ann"));
    play.tell(id, new Command.Retry("ann"));
    save(play, id, "saved again");
    play.tell(id, new Command.ForceRetry("ann"));
  }

  private static void save(Play play, TaskId id, String what) {
    play.ask(h -> h.saved.save(id, Aftermath.results(what).get(0)));
  }

  private static void deleted(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    done(play, "one", "two");
    play.tell(id, new Command.Delete("ann"));
  }

  private static void deletedAtOnce(Play play) {
    TaskId id = play.create(play.document("film"), "A");
    play.work(
        w -> {
          w.claim();
          play.fold(id, w.completion(w.claimId(), "one"), new Command.Delete("ann"));
        });
  }

  private static void makesWhatItNeeds(Play play) {
    play.create(play.document("film"), "B", "A");
    done(play, "a");
    done(play, "b");
  }

  private static void needsWhatIsThere(Play play) {
    Document document = play.document("film");
    play.create(document, "A");
    play.create(document, "B", "A");
    done(play, "a");
    done(play, "b");
  }

  private static void needsWhatIsDone(Play play) {
    Document document = play.document("film");
    play.create(document, "A");
    done(play, "a");
    play.create(document, "B", "A");
    done(play, "b");
  }

  private static void needsWhatFails(Play play) {
    TaskId a = failing(play, OnDependencyFailure.FAIL);
    play.tell(a, new Command.Retry("ann"));
    done(play, "a");
    done(play, "b");
  }

  private static TaskId failing(Play play, OnDependencyFailure rule) {
    Document document = play.document("film");
    TaskId a = play.create(document, "A");
    play.create(document, "B", rule, List.of(Play.needed(a, "A")));
    failed(play, FAILED);
    return a;
  }

  private static void runsAnyway(Play play) {
    failing(play, OnDependencyFailure.RUN);
    done(play, "b");
  }

  private static void waitsOn(Play play) {
    TaskId a = failing(play, OnDependencyFailure.WAIT);
    play.tell(a, new Command.Retry("ann"));
    done(play, "a");
  }

  private static void workerNames(Play play) {
    Document document = play.document("film");
    play.create(document, "B");
    play.work(
        w -> {
          w.claim();
          w.fail(NEEDS, Play.toBeMade(document, "A"), Play.toBeMade(document, "C"));
        });
    done(play, "a");
    done(play, "c");
    play.pass(Duration.ofSeconds(5));
    play.look(h -> h.overdue);
    done(play, "b");
  }

  private static void workerNeedsAny(Play play) {
    Document document = play.document("film");
    play.create(document, "B");
    play.create(document, "A");
    play.work(
        w -> {
          w.claim();
          w.fail(NEEDS);
        });
    done(play, "a");
    done(play, "b");
  }

  private static void needsWhatIsDeleted(Play play) {
    Document document = play.document("film");
    TaskId a = play.create(document, "A");
    play.create(document, "B", OnDependencyFailure.FAIL, List.of(Play.needed(a, "A")));
    play.tell(a, new Command.Delete("ann"));
  }

  private static void cancelledWhileItWaits(Play play) {
    TaskId b = play.create(play.document("film"), "B", "A");
    play.tell(b, new Command.Cancel("ann"));
    done(play, "a");
    play.tell(b, new Command.Retry("ann"));
  }

  private static void circle(Play play) {
    Document document = play.document("film");
    TaskId a = TaskId.of(document.id(), TaskKey.fromString("A"));
    play.create(document, "A", OnDependencyFailure.FAIL, List.of(Play.toBeMade(document, "B")));
    play.work(
        w -> {
          w.claim();
          w.fail(NEEDS, Play.needed(a, "A"));
        });
  }

  private static void documentDeleted(Play play) {
    Document document = play.document("film");
    play.given(
        () -> {
          play.create(document, "B", "A");
          done(play, "a");
          done(play, "b");
          play.create(document, "C");
        });
    play.ask(h -> h.documents.delete(document.id()));
    play.look(h -> h.purge);
    done(play, "too late");
    play.pass(Duration.ofMinutes(2));
    play.look(h -> h.purge);
    play.pass(Duration.ofHours(2));
    play.look(h -> h.purge);
  }

  private static void documentComesAgain(Play play) {
    Document document = play.document("film");
    play.given(
        () -> {
          play.create(document, "A");
          done(play, "a");
        });
    play.ask(h -> h.documents.delete(document.id()));
    play.pass(Duration.ofSeconds(1));
    Document sample = DocumentSamples.document("film");
    Document again =
        play.ask(
            h ->
                h.documents.register(new NewDocument(sample.target(), sample.creator(), Map.of())));
    if (again == null) {
      return;
    }
    play.create(again, "B");
    play.look(h -> h.purge);
    play.create(again, "A");
    done(play, "b");
    done(play, "a");
  }

  private static void oneTooMany(Play play) {
    Document document = play.document("film");
    TaskId[] a = new TaskId[1];
    play.given(
        () -> {
          a[0] = play.create(document, "A");
          crowd(play, a[0], 200);
        });
    crowd(play, a[0], 1, "one too many ");
    play.given(() -> done(play, "a"));
  }

  private static void moreThanListed(Play play) {
    Document document = play.document("film");
    play.given(
        () -> {
          TaskId a = play.create(document, "A");
          crowd(play, a, 203);
        });
    done(play, "a");
  }

  private static void crowd(Play play, TaskId a, int count) {
    crowd(play, a, count, "book ");
  }

  private static void crowd(Play play, TaskId a, int count, String name) {
    for (int i = 0; i < count; i++) {
      play.create(
          play.document(name + i), "B", OnDependencyFailure.FAIL, List.of(Play.needed(a, "A")));
    }
  }
}

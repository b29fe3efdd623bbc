package dev.docket.simulation;

import dev.docket.broker.TaskCourier.Sent;
import dev.docket.document.Document;
import dev.docket.http.Problem;
import dev.docket.maintenance.Sweep;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people and workers do with a server that may die under their hands. If it does, another one
 * is there when they come next. The patient say again what got no answer; the others go away.
 */
final class Play {

  private static final Logger LOG = LoggerFactory.getLogger(Play.class);

  final House.Ground ground = new House.Ground();
  private final boolean patient;
  private final Mortal mortal;
  House house;

  Play(Mortal mortal, boolean patient) {
    this.mortal = mortal;
    this.patient = patient;
    this.house = new House(ground, mortal);
  }

  /** What happens before anything can go wrong. */
  void given(Runnable what) {
    mortal.counts(false);
    what.run();
    mortal.counts(true);
  }

  /** The server that whoever comes now finds. */
  private House alive() {
    if (mortal.dead && house.isBehind(mortal)) {
      house = house.successor();
    }
    return house;
  }

  /** The answer; null if there was none, or a refusal by exception. */
  <T> @Nullable T ask(Function<House, CompletionStage<T>> question) {
    try {
      return question.apply(alive()).toCompletableFuture().join();
    } catch (CompletionException | Mortal.Death | StoreUnavailable failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      boolean unanswered = cause instanceof Mortal.Death || cause instanceof StoreUnavailable;
      if (!unanswered && !(cause instanceof Problem)) {
        throw new AssertionError(cause);
      }
      return unanswered && patient ? ask(question) : null;
    }
  }

  /** A sweep, which nobody repeats before its time. */
  void look(Function<House, Sweep> sweep) {
    try {
      sweep.apply(alive()).look();
    } catch (CompletionException | Mortal.Death | StoreUnavailable failure) {
      LOG.debug("a look failed", failure);
    }
  }

  Document document(String target) {
    Document[] made = new Document[1];
    given(() -> made[0] = alive().document(target));
    return made[0];
  }

  /** Submits a task and says what its id is. */
  TaskId create(Document document, String key, String... needs) {
    ask(h -> h.submit(document, key, h.missing(document, needs), OnDependencyFailure.FAIL));
    return TaskId.of(document.id(), TaskKey.fromString(key));
  }

  TaskId create(
      Document document, String key, OnDependencyFailure rule, List<Effect.Needed> needs) {
    ask(h -> h.submit(document, key, needs, rule));
    return TaskId.of(document.id(), TaskKey.fromString(key));
  }

  @Nullable Decision tell(TaskId id, Command command) {
    return ask(h -> h.tasks.tell(id, command));
  }

  /** Tells what was decided by looking at the record as it is now. */
  void observe(TaskId id, Command.Observed command) {
    ask(
        h -> {
          Versioned<Task> seen = ground.tasks.find(id).toCompletableFuture().join().orElseThrow();
          return h.tasks.tell(seen, command);
        });
  }

  /** Two things are told to one task at once, while a third is being written. */
  void fold(TaskId id, Command first, Command... meanwhile) {
    House now = alive();
    mortal.meanwhile(
        () -> {
          for (Command command : meanwhile) {
            var unused = now.tasks.tell(id, command);
          }
        });
    tell(id, first);
  }

  void broker(Sent answer) {
    ground.broker = answer;
  }

  void pass(Duration time) {
    house.pass(time);
  }

  /** What a worker does with the oldest message, if there is one. */
  void work(Consumer<Worker> what) {
    if (!ground.queue.isEmpty()) {
      what.accept(new Worker(this, ground.queue.get(0)));
    }
  }

  /** A worker and the message that it was sent. */
  record Worker(Play play, Task sent) {

    TaskId id() {
      return sent.id();
    }

    String claimId() {
      return "claim " + sent.run();
    }

    /** Acknowledges the message once it has an answer. */
    boolean claim() {
      Decision decision =
          play.tell(
              sent.id(), new Command.Claim(sent.attempt(), sent.run(), claimId(), "w", false));
      if (decision != null) {
        acknowledge();
      }
      return decision != null && !decision.refused();
    }

    void acknowledge() {
      play.ground.queue.remove(sent);
    }

    void started() {
      play.tell(sent.id(), new Command.Started(sent.attempt(), sent.run(), claimId(), "w"));
    }

    void progress() {
      play.tell(
          sent.id(),
          new Command.Progress(sent.attempt(), sent.run(), claimId(), "w", 40, "half", "way"));
    }

    void beat() {
      play.tell(sent.id(), new Command.Heartbeat(sent.attempt(), sent.run(), claimId(), "w"));
    }

    @Nullable Decision complete(String... results) {
      return play.tell(sent.id(), completion(claimId(), results));
    }

    Command.Complete completion(@Nullable String claimId, String... results) {
      return new Command.Complete(
          sent.attempt(), sent.run(), claimId, "w", "done", Aftermath.results(results));
    }

    void fail(TaskState state, Effect.Needed... needed) {
      play.tell(
          sent.id(),
          new Command.Fail(
              sent.attempt(), sent.run(), claimId(), "w", state, "why", List.of(needed)));
    }

    void giveBack() {
      play.tell(
          sent.id(), new Command.GiveBack(sent.attempt(), sent.run(), claimId(), "w", "not me"));
    }

    void cancelConfirmed() {
      play.tell(sent.id(), new Command.CancelConfirmed(sent.attempt(), sent.run(), claimId(), "w"));
    }
  }

  static Effect.Needed needed(TaskId id, String key) {
    return new Effect.Needed(id, TaskKey.fromString(key), null);
  }

  static Effect.Needed toBeMade(Document document, String key) {
    TaskKey name = TaskKey.fromString(key);
    return new Effect.Needed(TaskId.of(document.id(), name), name, Map.of());
  }
}

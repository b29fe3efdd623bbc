package dev.docket.simulation;

import dev.docket.broker.TaskPublisher.Sent;
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
final class ScenarioActors {

  private static final Logger LOG = LoggerFactory.getLogger(ScenarioActors.class);

  final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final boolean patient;
  private final CrashPoint crashPoint;
  InMemoryServer server;

  ScenarioActors(CrashPoint crashPoint, boolean patient) {
    this.crashPoint = crashPoint;
    this.patient = patient;
    this.server = new InMemoryServer(shared, crashPoint);
  }

  /** What happens before anything can go wrong. */
  void given(Runnable what) {
    crashPoint.counts(false);
    what.run();
    crashPoint.counts(true);
  }

  /** The server that whoever comes now finds. */
  private InMemoryServer alive() {
    if (crashPoint.dead && server.isBehind(crashPoint)) {
      server = server.successor();
    }
    return server;
  }

  /** The answer; null if there was none, or a refusal by exception. */
  <T> @Nullable T ask(Function<InMemoryServer, CompletionStage<T>> question) {
    try {
      return question.apply(alive()).toCompletableFuture().join();
    } catch (CompletionException | CrashPoint.Death | StoreUnavailable failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      boolean unanswered = cause instanceof CrashPoint.Death || cause instanceof StoreUnavailable;
      if (!unanswered && !(cause instanceof Problem)) {
        throw new AssertionError(cause);
      }
      return unanswered && patient ? ask(question) : null;
    }
  }

  /** A sweep, which nobody repeats before its time. */
  void run(Function<InMemoryServer, Sweep> sweep) {
    try {
      sweep.apply(alive()).run();
    } catch (CompletionException | CrashPoint.Death | StoreUnavailable failure) {
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

  @Nullable Decision execute(TaskId id, Command command) {
    return ask(h -> h.tasks.execute(id, command));
  }

  /** Tells what was decided by looking at the record as it is now. */
  void observe(TaskId id, Command.Observed command) {
    ask(
        h -> {
          Versioned<Task> seen = shared.tasks.find(id).toCompletableFuture().join().orElseThrow();
          return h.tasks.execute(seen, command);
        });
  }

  /** Two things are told to one task at once, while a third is being written. */
  void fold(TaskId id, Command first, Command... meanwhile) {
    InMemoryServer now = alive();
    crashPoint.meanwhile(
        () -> {
          for (Command command : meanwhile) {
            var unused = now.tasks.execute(id, command);
          }
        });
    execute(id, first);
  }

  void broker(Sent answer) {
    shared.broker = answer;
  }

  void pass(Duration time) {
    server.pass(time);
  }

  /** What a worker does with the oldest message, if there is one. */
  void work(Consumer<Worker> what) {
    if (!shared.queue.isEmpty()) {
      what.accept(new Worker(this, shared.queue.get(0)));
    }
  }

  /** A worker and the message that it was sent. */
  record Worker(ScenarioActors actors, Task sent) {

    TaskId id() {
      return sent.id();
    }

    String claimId() {
      return "claim " + sent.run();
    }

    /** Acknowledges the message once it has an answer. */
    boolean claim() {
      Decision decision =
          actors.execute(
              sent.id(), new Command.Claim(sent.attempt(), sent.run(), claimId(), "w", false));
      if (decision != null) {
        acknowledge();
      }
      return decision != null && !decision.refused();
    }

    void acknowledge() {
      actors.shared.queue.remove(sent);
    }

    void started() {
      actors.execute(sent.id(), new Command.Started(sent.attempt(), sent.run(), claimId(), "w"));
    }

    void progress() {
      actors.execute(
          sent.id(),
          new Command.Progress(sent.attempt(), sent.run(), claimId(), "w", 40, "half", "way"));
    }

    void beat() {
      actors.execute(sent.id(), new Command.Heartbeat(sent.attempt(), sent.run(), claimId(), "w"));
    }

    @Nullable Decision complete(String... results) {
      return actors.execute(sent.id(), completion(claimId(), results));
    }

    Command.Complete completion(@Nullable String claimId, String... results) {
      return new Command.Complete(
          sent.attempt(), sent.run(), claimId, "w", "done", Recovery.results(results));
    }

    void fail(TaskState state, Effect.Needed... needed) {
      actors.execute(
          sent.id(),
          new Command.Fail(
              sent.attempt(), sent.run(), claimId(), "w", state, "why", List.of(needed)));
    }

    void giveBack() {
      actors.execute(
          sent.id(), new Command.GiveBack(sent.attempt(), sent.run(), claimId(), "w", "not me"));
    }

    void cancelConfirmed() {
      actors.execute(
          sent.id(), new Command.CancelConfirmed(sent.attempt(), sent.run(), claimId(), "w"));
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

package dev.docket.simulation;

import dev.docket.broker.TaskPublisher.PublishOutcome;
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
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.RunTiming;
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
 * The clients and workers of a scenario. If the server crashes, a new one serves their next call.
 * Clients that retry repeat a call that got no response; the others give up.
 */
final class ScenarioActors {

  private static final Logger LOG = LoggerFactory.getLogger(ScenarioActors.class);

  final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final boolean clientsRetry;
  private final CrashPoint crashPoint;
  InMemoryServer server;

  ScenarioActors(CrashPoint crashPoint, boolean clientsRetry) {
    this.crashPoint = crashPoint;
    this.clientsRetry = clientsRetry;
    this.server = new InMemoryServer(shared, crashPoint);
  }

  /** Runs the action without counting its calls, so that none of them fails. */
  void withoutFailures(Runnable action) {
    crashPoint.setCounting(false);
    action.run();
    crashPoint.setCounting(true);
  }

  /** The current server; a new one if the previous one has crashed. */
  private InMemoryServer liveServer() {
    if (crashPoint.crashed && server.uses(crashPoint)) {
      server = server.successor();
    }
    return server;
  }

  /** Returns the response; null if there was none, or if the server threw a problem. */
  <T> @Nullable T call(Function<InMemoryServer, CompletionStage<T>> request) {
    try {
      return request.apply(liveServer()).toCompletableFuture().join();
    } catch (CompletionException | CrashPoint.ServerCrashed | StoreUnavailable failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      boolean noResponse =
          cause instanceof CrashPoint.ServerCrashed || cause instanceof StoreUnavailable;
      if (!noResponse && !(cause instanceof Problem)) {
        throw new AssertionError(cause);
      }
      return noResponse && clientsRetry ? call(request) : null;
    }
  }

  /** Runs a sweep once. A failed sweep is not repeated. */
  void run(Function<InMemoryServer, Sweep> sweep) {
    try {
      sweep.apply(liveServer()).run();
    } catch (CompletionException | CrashPoint.ServerCrashed | StoreUnavailable failure) {
      LOG.debug("A sweep failed; the scenario continues", failure);
    }
  }

  Document document(String target) {
    Document[] created = new Document[1];
    withoutFailures(() -> created[0] = liveServer().document(target));
    return created[0];
  }

  /** Submits a task and returns its id. */
  TaskId create(Document document, String key, String... needs) {
    call(s -> s.submit(document, key, s.missing(document, needs), OnDependencyFailure.FAIL));
    return TaskId.of(document.id(), TaskKey.fromString(key));
  }

  TaskId create(
      Document document, String key, OnDependencyFailure rule, List<Effect.NeededTask> needs) {
    call(s -> s.submit(document, key, needs, rule));
    return TaskId.of(document.id(), TaskKey.fromString(key));
  }

  @Nullable Decision execute(TaskId id, Command command) {
    return call(s -> s.tasks.execute(id, command));
  }

  /** Executes a command of a sweep on the record as it is stored now. */
  void observe(TaskId id, Command.Observed command) {
    call(
        s -> {
          Versioned<Task> seen = shared.tasks.find(id).toCompletableFuture().join().orElseThrow();
          return s.tasks.execute(seen, command);
        });
  }

  /** Executes the first command; the others arrive during its write and form one batch. */
  void executeTogether(TaskId id, Command first, Command... others) {
    InMemoryServer current = liveServer();
    crashPoint.duringNextCall(
        () -> {
          for (Command command : others) {
            var unused = current.tasks.execute(id, command);
          }
        });
    execute(id, first);
  }

  void setBrokerOutcome(PublishOutcome outcome) {
    shared.brokerOutcome = outcome;
  }

  void advanceClock(Duration time) {
    server.advanceClock(time);
  }

  /** Passes a worker with the oldest message to the action, if there is a message. */
  void processNextMessage(Consumer<Worker> action) {
    if (!shared.queue.isEmpty()) {
      action.accept(new Worker(this, shared.queue.get(0)));
    }
  }

  /** A worker and the message that it received. */
  record Worker(ScenarioActors actors, Task sent) {

    TaskId id() {
      return sent.id();
    }

    String claimId() {
      return "claim " + sent.run().token();
    }

    /** Claims the run, and acknowledges the message once it has a response. */
    boolean claim() {
      Decision decision =
          actors.execute(
              sent.id(),
              Command.Claim.byWorker(new Reporter(sent.run().ref(), claimId(), "w"), null));
      if (decision != null) {
        acknowledge();
      }
      return decision != null && !decision.refused();
    }

    void acknowledge() {
      actors.shared.queue.remove(sent);
    }

    void started() {
      actors.execute(
          sent.id(), new Command.Started(new Reporter(sent.run().ref(), claimId(), "w"), null));
    }

    void progress() {
      actors.execute(
          sent.id(),
          new Command.Progress(new Reporter(sent.run().ref(), claimId(), "w"), 40, "half", "way"));
    }

    void heartbeat() {
      actors.execute(
          sent.id(), new Command.Heartbeat(new Reporter(sent.run().ref(), claimId(), "w")));
    }

    @Nullable Decision complete(String... results) {
      return actors.execute(sent.id(), completion(claimId(), results));
    }

    Command.Complete completion(@Nullable String claimId, String... results) {
      return new Command.Complete(
          new Reporter(sent.run().ref(), claimId, "w"),
          RunEnd.of("done"),
          Recovery.results(results),
          null);
    }

    void fail(TaskState state, Effect.NeededTask... needed) {
      actors.execute(
          sent.id(),
          Command.Fail.of(
              new Reporter(sent.run().ref(), claimId(), "w"),
              state,
              RunEnd.of("why"),
              List.of(needed)));
    }

    void giveBack() {
      actors.execute(
          sent.id(),
          new Command.GiveBack(new Reporter(sent.run().ref(), claimId(), "w"), "not me"));
    }

    void cancelConfirmed() {
      actors.execute(
          sent.id(),
          new Command.CancelConfirmed(
              new Reporter(sent.run().ref(), claimId(), "w"), RunTiming.UNKNOWN));
    }
  }

  /** A dependency on a task that exists. */
  static Effect.NeededTask existingTask(TaskId id, String key) {
    return new Effect.NeededTask(id, TaskKey.fromString(key), null);
  }

  /** A dependency on a task that is created if it does not exist. */
  static Effect.NeededTask taskToCreate(Document document, String key) {
    TaskKey taskKey = TaskKey.fromString(key);
    return new Effect.NeededTask(TaskId.of(document.id(), taskKey), taskKey, Map.of());
  }
}

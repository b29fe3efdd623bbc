package dev.docket.task;

import dev.docket.http.idempotency.CreationKey;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desk at which things happen to tasks: it reads, lets the {@link TaskMachine} decide, writes
 * by compare-and-set, and has the effects done. Any number of threads, here and in other servers,
 * may tell one task things at once; what conflicts is read and decided again.
 *
 * <p>Stages complete on the store's threads. They fail with {@link TaskNotFound}, or with {@link
 * StoreUnavailable} or {@link Overloaded} when the command may be given again.
 */
public final class TaskService {

  private static final Logger LOG = LoggerFactory.getLogger(TaskService.class);

  /** How often a write is decided again after others came first. */
  private static final int MAX_CONFLICTS = 50;

  private final TaskStore store;
  private final Policies policies;
  private final Supplier<DecisionContext> moments;
  private final Outbox outbox;
  private final TaskListeners audience;
  private final Mailboxes mailboxes = new Mailboxes();
  private final RecentTasks recent = new RecentTasks();

  public TaskService(
      TaskStore store, Policies policies, Supplier<DecisionContext> moments, Outbox outbox) {
    this(store, policies, moments, outbox, List.of());
  }

  /** With those who hear of what has happened. */
  public TaskService(
      TaskStore store,
      Policies policies,
      Supplier<DecisionContext> moments,
      Outbox outbox,
      List<TaskListener> listeners) {
    this.store = store;
    this.policies = policies;
    this.moments = moments;
    this.outbox = outbox;
    this.audience = new TaskListeners(listeners);
  }

  /**
   * Writes a new task, and has it dispatched; fails with {@link TaskExists} if the id is taken, by
   * another than who asks for it again under the same key: he gets the task that is there.
   */
  public CompletionStage<Task> create(Task task) {
    return store
        .create(task)
        .thenCompose(
            saved ->
                saved.match(
                    version -> CompletableFuture.completedStage(created(task, version)),
                    stale -> taken(task),
                    why -> CompletableFuture.failedStage(new Unstorable(why)),
                    why -> CompletableFuture.failedStage(new StoreUnavailable(why))));
  }

  private Task created(Task task, Version version) {
    recent.put(task, version);
    audience.created(task);
    perform(task, task.dueAt() == null ? task.outbox() : dueNow(task));
    return task;
  }

  private static List<PendingEffect> dueNow(Task task) {
    return task.outbox().stream().filter(p -> !(p.effect() instanceof Effect.Publish)).toList();
  }

  /** The id is taken: by ourselves, if the answer to an earlier attempt got lost. */
  private CompletionStage<Task> taken(Task task) {
    return store
        .find(task.id())
        .thenApply(
            found -> {
              Versioned<Task> there =
                  found.orElseThrow(() -> new StoreUnavailable("it was just removed, try again"));
              if (there.value().isRun(1, task.run())) {
                return created(there.value(), there.version());
              }
              if (isAgain(task, there.value())) {
                return there.value();
              }
              throw new TaskExists(there.value());
            });
  }

  /**
   * Whether the caller has asked for this very task before, under his key.
   *
   * @throws dev.docket.http.idempotency.IdempotencyKeyReused if he asked for another under it
   */
  static boolean isAgain(Task task, Task there) {
    CreationKey key = task.spec().creationKey();
    return key != null && !there.deleted() && key.isOf(there.spec().creationKey());
  }

  /** The task as it is now; empty when it is not there or is being deleted. */
  public CompletionStage<Optional<Task>> find(TaskId id) {
    return store.find(id).thenApply(f -> f.map(Versioned::value).filter(t -> !t.deleted()));
  }

  /** The task as it is now, or {@link TaskNotFound}. */
  public CompletionStage<Task> get(TaskId id) {
    return find(id).thenApply(found -> found.orElseThrow(() -> new TaskNotFound(id)));
  }

  /** Tells a task something; what is told to one task at once is written at once. */
  public CompletionStage<Decision> execute(TaskId id, Command command) {
    if (command instanceof Command.Observed) {
      throw new IllegalArgumentException(command.label() + ": say which version was seen");
    }
    return post(id, PendingCommand.of(command, null));
  }

  /**
   * Tells a task what was decided by looking at it. If it has moved on since, nothing happens, and
   * the answer is {@link Decision.Unchanged}.
   */
  public CompletionStage<Decision> execute(Versioned<Task> seen, Command.Observed command) {
    return post(seen.value().id(), PendingCommand.of(command, seen.version()));
  }

  /**
   * Whether this server knows that the run has left the state in which it waits for the broker's
   * confirmation: then a late 202 need not be written. If it is wrong, the outbox is overdue and a
   * sweep repairs it.
   */
  public boolean confirmationIsMoot(Task published) {
    return recent
        .get(published.id())
        .map(Versioned::value)
        .map(now -> !now.isRun(published.attempt(), published.run()) || !now.state().isClaimable())
        .orElse(false);
  }

  private CompletionStage<Decision> post(TaskId id, PendingCommand pending) {
    if (mailboxes.post(id, pending)) {
      next(id);
    }
    return pending.answer();
  }

  /** Empties a box, one write after the other. A loop, since a store may answer at once. */
  private void next(TaskId id) {
    List<PendingCommand> letters = mailboxes.take(id);
    while (!letters.isEmpty()) {
      CompletionStage<Void> done = settle(id, letters);
      if (!done.toCompletableFuture().isDone()) {
        done.thenRun(() -> next(id));
        return;
      }
      letters = mailboxes.take(id);
    }
  }

  /** Never fails, or the box would stay shut: whatever goes wrong is an answer. */
  private CompletionStage<Void> settle(TaskId id, List<PendingCommand> letters) {
    return CompletableFuture.<Void>completedStage(null)
        .thenCompose(nothing -> begin(id, letters))
        .exceptionally(
            failure -> {
              recent.forget(id);
              letters.forEach(pending -> pending.answer().completeExceptionally(unwrap(failure)));
              return null;
            });
  }

  private CompletionStage<Void> begin(TaskId id, List<PendingCommand> letters) {
    Optional<Versioned<Task>> cached = recent.get(id);
    return cached.isPresent() && letters.get(0).folds()
        ? decide(id, letters, cached.orElseThrow(), true, 0)
        : readAndDecide(id, letters, 0);
  }

  private CompletionStage<Void> readAndDecide(
      TaskId id, List<PendingCommand> letters, int conflicts) {
    return store
        .find(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? decide(id, letters, found.orElseThrow(), false, conflicts)
                    : CompletableFuture.failedStage(new TaskNotFound(id)));
  }

  private CompletionStage<Void> decide(
      TaskId id,
      List<PendingCommand> letters,
      Versioned<Task> seen,
      boolean cached,
      int conflicts) {
    Version observed = letters.get(0).seen();
    if (observed != null && !observed.equals(seen.version())) {
      return answered(letters, List.of(new Decision.Unchanged(seen.value())));
    }
    Task before = seen.value();
    CommandBatch batch = CommandBatch.of(before, letters, policies.of(before), moments);
    if (cached && !batch.allMoved()) {
      return readAndDecide(id, letters, conflicts);
    }
    if (!batch.changed()) {
      audience.decided(before, letters, batch);
      return answered(letters, batch.decisions());
    }
    boolean removal = batch.last().deleted() && batch.last().outbox().isEmpty();
    CompletionStage<WriteOutcome> write =
        removal ? store.remove(id, seen.version()) : store.replace(batch.last(), seen.version());
    return write.thenCompose(
        saved ->
            saved.match(
                version -> written(letters, before, batch, removal ? null : version),
                stale -> conflict(id, letters, conflicts),
                why -> unfit(id, letters, seen, why, conflicts),
                why -> CompletableFuture.failedStage(new StoreUnavailable(why))));
  }

  private CompletionStage<Void> written(
      List<PendingCommand> letters, Task before, CommandBatch batch, @Nullable Version version) {
    if (version == null) {
      recent.forget(before.id());
    } else {
      recent.put(batch.last(), version);
    }
    audience.decided(before, letters, batch);
    CompletionStage<Void> answered = answered(letters, batch.decisions());
    perform(batch.last(), batch.added(before));
    return answered;
  }

  /** What fails here is still in the task's outbox, and a sweep comes back to it. */
  private void perform(Task task, List<PendingEffect> effects) {
    if (effects.isEmpty()) {
      return;
    }
    try {
      outbox.perform(task, effects);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("task", task.id()).setCause(e).log("Its effects failed");
    }
  }

  private CompletionStage<Void> conflict(TaskId id, List<PendingCommand> letters, int conflicts) {
    recent.forget(id);
    return conflicts < MAX_CONFLICTS
        ? readAndDecide(id, letters, conflicts + 1)
        : CompletableFuture.failedStage(
            new StoreUnavailable("task " + id + " is being changed by too many at once"));
  }

  /** The store will never take it: whoever is to blame ends the task, alone. */
  private CompletionStage<Void> unfit(
      TaskId id, List<PendingCommand> letters, Versioned<Task> seen, String why, int conflicts) {
    if (letters.size() > 1) {
      CompletionStage<Void> all = CompletableFuture.completedStage(null);
      for (PendingCommand pending : letters) {
        all = all.thenCompose(nothing -> settle(id, List.of(pending)));
      }
      return all;
    }
    Task before = seen.value();
    Command command = letters.get(0).command();
    LOG.atError()
        .addKeyValue("task", id)
        .log("The store refuses for good what {} makes of the task: {}", command.label(), why);
    Command unstorable = new Command.Unstorable(why);
    Decision decision = TaskMachine.apply(before, unstorable, policies.of(before), moments.get());
    if (decision.refused()) {
      return CompletableFuture.failedStage(new Unstorable(why));
    }
    Task ended = decision.task();
    Decision told =
        new Decision.Refused(ended, Decision.Reason.ILLEGAL, "the store refuses it: " + why, null);
    CommandBatch end = new CommandBatch(ended, List.of(told), true);
    return store
        .replace(ended, seen.version())
        .thenCompose(
            saved ->
                saved.match(
                    version -> {
                      audience.moved(before, unstorable, ended);
                      return written(letters, before, end, version);
                    },
                    stale -> conflict(id, letters, conflicts),
                    again -> CompletableFuture.failedStage(new Unstorable(again)),
                    unknown -> CompletableFuture.failedStage(new StoreUnavailable(unknown))));
  }

  private static CompletionStage<Void> answered(
      List<PendingCommand> letters, List<Decision> decisions) {
    for (int i = 0; i < letters.size(); i++) {
      letters.get(i).answer().complete(decisions.get(i));
    }
    return CompletableFuture.completedStage(null);
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}

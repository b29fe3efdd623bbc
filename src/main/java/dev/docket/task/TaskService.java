package dev.docket.task;

import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes commands on tasks: reads the task, lets the {@link TaskMachine} decide, writes by
 * compare-and-set, and has the effects performed. Any number of threads, in this server and in
 * others, may execute commands on one task concurrently. After a conflict, the service reads the
 * task and decides again.
 *
 * <p>Stages complete on the store's threads. They fail with {@link TaskNotFound}, or with {@link
 * StoreUnavailable} or another {@link Problem} of kind {@code UNAVAILABLE}, after which the command
 * may be retried.
 */
public final class TaskService {

  private static final Logger LOG = LoggerFactory.getLogger(TaskService.class);

  /** How often a command is decided again after a conflicting write. */
  private static final int MAX_CONFLICTS = 50;

  private final TaskStore store;
  private final Policies policies;
  private final Supplier<DecisionContext> contexts;
  private final Outbox outbox;
  private final CurrentDocuments documents;
  private final TaskListeners listeners;
  private final Mailboxes mailboxes = new Mailboxes();
  private final RecentTasks recent = new RecentTasks();

  /**
   * Creates the service.
   *
   * @param documents the documents as they are now; a run is handed out with them
   */
  public TaskService(
      TaskStore store,
      Policies policies,
      Supplier<DecisionContext> contexts,
      Outbox outbox,
      CurrentDocuments documents,
      List<TaskListener> listeners) {
    this.store = store;
    this.policies = policies;
    this.contexts = contexts;
    this.outbox = outbox;
    this.documents = documents;
    this.listeners = new TaskListeners(listeners);
  }

  /**
   * Stores a new task and dispatches it. If the id is taken, the result is the existing task when
   * this is a repetition of the request that created it, with the same idempotency key; otherwise
   * the stage fails with {@link TaskExists}.
   */
  public CompletionStage<Task> create(Task task) {
    return store
        .create(task)
        .thenCompose(
            outcome ->
                outcome.match(
                    version -> CompletableFuture.completedStage(afterCreate(task, version)),
                    conflict -> resolveConflictingCreate(task),
                    reason -> CompletableFuture.failedStage(new Unstorable("record", reason))));
  }

  private Task afterCreate(Task task, Version version) {
    recent.put(task, version);
    listeners.created(task);
    perform(task, task.run().dueAt() == null ? task.outbox() : effectsWithoutPublish(task));
    return task;
  }

  private static List<PendingEffect> effectsWithoutPublish(Task task) {
    return task.outbox().stream()
        .filter(pending -> !(pending.effect() instanceof Effect.Publish))
        .toList();
  }

  /** The id is taken, maybe by an earlier write of the same task whose response was lost. */
  private CompletionStage<Task> resolveConflictingCreate(Task task) {
    return store
        .find(task.id())
        .thenApply(
            found -> {
              Versioned<Task> existing =
                  found.orElseThrow(
                      () ->
                          new StoreUnavailable(
                              "task " + task.id() + " was removed meanwhile; try again"));
              if (existing.value().isCurrentRun(task.run().ref())) {
                return afterCreate(existing.value(), existing.version());
              }
              if (isRepeatedCreation(task, existing.value())) {
                return existing.value();
              }
              throw new TaskExists(existing.value());
            });
  }

  /**
   * Whether the existing task was created by the same request with the same idempotency key.
   *
   * @throws dev.docket.http.Problem if the key was used for another request
   */
  static boolean isRepeatedCreation(Task task, Task existing) {
    CreationKey key = task.spec().creationKey();
    return key != null && !existing.deleted() && key.matches(existing.spec().creationKey());
  }

  /** Returns the specification with the document as it is now. */
  public CompletionStage<TaskSpec> refreshed(TaskSpec spec) {
    return documents
        .find(spec.document().id())
        .thenApply(
            found -> found.filter(spec.document()::isOlderThan).map(spec::with).orElse(spec));
  }

  /** Reads the current task; empty if it does not exist or is being deleted. */
  public CompletionStage<Optional<Task>> find(TaskId id) {
    return store
        .find(id)
        .thenApply(record -> record.map(Versioned::value).filter(task -> !task.deleted()));
  }

  /** Reads the current task, or fails with {@link TaskNotFound}. */
  public CompletionStage<Task> get(TaskId id) {
    return find(id).thenApply(found -> found.orElseThrow(() -> new TaskNotFound(id)));
  }

  /** Executes a command. Concurrent commands for one task share a write. */
  public CompletionStage<Decision> execute(TaskId id, Command command) {
    if (command instanceof Command.Observed) {
      throw new IllegalArgumentException(
          "command " + command.label() + " needs the version that was observed");
    }
    return post(id, PendingCommand.of(command, null));
  }

  /**
   * Executes a command that is based on an observed version of the task. If the task has changed
   * since, nothing happens and the decision is {@link Decision.Unchanged}.
   */
  public CompletionStage<Decision> execute(Versioned<Task> seen, Command.Observed command) {
    return post(seen.value().id(), PendingCommand.of(command, seen.version()));
  }

  /**
   * Executes a command on a task that was read before. Completes with whether this changed the
   * task; it does not if the task has been removed.
   */
  public CompletionStage<Boolean> changes(Versioned<Task> seen, Command.Observed command) {
    return Stages.ignore(TaskNotFound.class, execute(seen, command))
        .thenApply(Decision.Changed.class::isInstance);
  }

  /**
   * Whether this server knows that the run no longer waits for the broker's confirm, so that state
   * 202 need not be written. If this is wrong, the outbox becomes overdue and a sweep repairs it.
   */
  public boolean isConfirmationObsolete(Task published) {
    return recent
        .get(published.id())
        .map(Versioned::value)
        .map(
            current ->
                !current.isCurrentRun(published.run().ref()) || !current.state().isClaimable())
        .orElse(false);
  }

  private CompletionStage<Decision> post(TaskId id, PendingCommand pending) {
    if (mailboxes.post(id, pending)) {
      processMailbox(id);
    }
    return pending.decision();
  }

  /**
   * Processes a mailbox until it is empty, one write after the other. Loops instead of recursing,
   * since a stage of the store may already be complete.
   */
  private void processMailbox(TaskId id) {
    List<PendingCommand> commands = mailboxes.take(id);
    while (!commands.isEmpty()) {
      CompletionStage<Void> done = process(id, commands);
      if (!done.toCompletableFuture().isDone()) {
        done.thenRun(() -> processMailbox(id));
        return;
      }
      commands = mailboxes.take(id);
    }
  }

  /** Fails the commands instead of the returned stage, since a failure would block the mailbox. */
  private CompletionStage<Void> process(TaskId id, List<PendingCommand> commands) {
    return CompletableFuture.<Void>completedStage(null)
        .thenCompose(ignored -> decideFromCacheOrStore(id, commands))
        .exceptionally(
            failure -> {
              recent.evict(id);
              commands.forEach(
                  pending -> pending.decision().completeExceptionally(Stages.cause(failure)));
              return null;
            });
  }

  private CompletionStage<Void> decideFromCacheOrStore(TaskId id, List<PendingCommand> commands) {
    Optional<Versioned<Task>> cached = recent.get(id);
    return cached.isPresent() && commands.get(0).isBatchable()
        ? decide(id, commands, cached.orElseThrow(), true, 0)
        : readAndDecide(id, commands, 0);
  }

  private CompletionStage<Void> readAndDecide(
      TaskId id, List<PendingCommand> commands, int conflicts) {
    return store
        .find(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? decide(id, commands, found.orElseThrow(), false, conflicts)
                    : CompletableFuture.failedStage(new TaskNotFound(id)));
  }

  private CompletionStage<Void> decide(
      TaskId id,
      List<PendingCommand> commands,
      Versioned<Task> seen,
      boolean cached,
      int conflicts) {
    Version observed = commands.get(0).seen();
    if (observed != null && !observed.equals(seen.version())) {
      return completeAll(commands, List.of(new Decision.Unchanged(seen.value())));
    }
    Task before = seen.value();
    CommandBatch batch = CommandBatch.of(before, commands, policies, contexts);
    if (cached && !batch.allChanged()) {
      return readAndDecide(id, commands, conflicts);
    }
    if (!batch.changed()) {
      listeners.decided(before, commands, batch);
      return completeAll(commands, batch.decisions());
    }
    if (!batch.handsOutRun(before)) {
      return write(id, commands, seen, batch, conflicts);
    }
    TaskSpec.DocumentCopy copy = before.spec().document();
    return documents
        .find(copy.id())
        .thenApply(
            found ->
                found
                    .filter(copy::isOlderThan)
                    .map(
                        current ->
                            CommandBatch.of(
                                before, commands, policies, () -> contexts.get().with(current)))
                    .orElse(batch))
        .thenCompose(refreshed -> write(id, commands, seen, refreshed, conflicts));
  }

  private CompletionStage<Void> write(
      TaskId id,
      List<PendingCommand> commands,
      Versioned<Task> seen,
      CommandBatch batch,
      int conflicts) {
    Task before = seen.value();
    boolean removal = batch.after().deleted() && batch.after().outbox().isEmpty();
    CompletionStage<WriteOutcome> write =
        removal ? store.remove(id, seen.version()) : store.replace(batch.after(), seen.version());
    return write.thenCompose(
        outcome ->
            outcome.match(
                version -> afterWrite(commands, before, batch, removal ? null : version),
                conflict -> retryAfterConflict(id, commands, conflicts),
                reason -> endUnstorable(id, commands, seen, reason, conflicts)));
  }

  private CompletionStage<Void> afterWrite(
      List<PendingCommand> commands, Task before, CommandBatch batch, @Nullable Version version) {
    if (version == null) {
      recent.evict(before.id());
    } else {
      recent.put(batch.after(), version);
    }
    listeners.decided(before, commands, batch);
    CompletionStage<Void> completed = completeAll(commands, batch.decisions());
    perform(batch.after(), batch.newEffects(before));
    return completed;
  }

  /**
   * Performs effects from the task's outbox, and removes those that were performed. Failed ones
   * stay there; the overdue sweep performs them later.
   */
  public void perform(Task task, List<PendingEffect> effects) {
    if (effects.isEmpty()) {
      return;
    }
    CompletableFuture.completedStage(effects)
        .thenCompose(started -> outbox.perform(task, started))
        .thenCompose(performed -> removePerformed(task, performed))
        .exceptionally(
            failure -> {
              Throwable cause = Stages.cause(failure);
              if (cause instanceof StoreUnavailable) {
                LOG.atWarn()
                    .addKeyValue("task", task.id())
                    .log("A repeated effect could not be undone: {}", cause.getMessage());
              } else {
                LOG.atError()
                    .addKeyValue("task", task.id())
                    .setCause(cause)
                    .log("Performing effects of a task failed; a sweep repeats them");
              }
              return null;
            });
  }

  private CompletionStage<Void> removePerformed(Task task, List<PendingEffect> performed) {
    if (performed.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    Set<String> ids = performed.stream().map(PendingEffect::id).collect(Collectors.toSet());
    return execute(task.id(), new Command.EffectsDone(ids))
        .handle(
            (decision, failure) -> {
              if (decision instanceof Decision.Unchanged) {
                return outbox.afterRepetition(task, performed, decision.task());
              }
              if (failure != null && Stages.cause(failure) instanceof TaskNotFound) {
                return outbox.afterRepetition(task, performed, null);
              }
              if (failure != null) {
                LOG.atDebug()
                    .addKeyValue("task", task.id())
                    .log("Performed effects stay in the outbox; a sweep repeats them", failure);
              }
              return CompletableFuture.<Void>completedStage(null);
            })
        .thenCompose(settled -> settled);
  }

  private CompletionStage<Void> retryAfterConflict(
      TaskId id, List<PendingCommand> commands, int conflicts) {
    recent.evict(id);
    return conflicts < MAX_CONFLICTS
        ? readAndDecide(id, commands, conflicts + 1)
        : CompletableFuture.failedStage(
            new StoreUnavailable(
                "task " + id + ": gave up after " + MAX_CONFLICTS + " conflicting writes"));
  }

  /**
   * The store rejects the new record permanently. Processes the commands one by one; the one that
   * causes the rejection ends the task.
   */
  private CompletionStage<Void> endUnstorable(
      TaskId id,
      List<PendingCommand> commands,
      Versioned<Task> seen,
      String reason,
      int conflicts) {
    if (commands.size() > 1) {
      CompletionStage<Void> processed = CompletableFuture.completedStage(null);
      for (PendingCommand pending : commands) {
        processed = processed.thenCompose(ignored -> process(id, List.of(pending)));
      }
      return processed;
    }
    Task before = seen.value();
    Command command = commands.get(0).command();
    LOG.atError()
        .addKeyValue("task", id)
        .log(
            "The store rejected the task's record after command {} ({}); ending the task with 500",
            command.label(),
            reason);
    Command unstorable = new Command.Unstorable(reason);
    Decision decision = TaskMachine.apply(before, unstorable, policies.of(before), contexts.get());
    if (decision.refused()) {
      return CompletableFuture.failedStage(new Unstorable("record", reason));
    }
    Task ended = decision.task();
    Decision rejection =
        new Decision.Refused(
            ended, Decision.Reason.ILLEGAL, "the store rejects the record: " + reason, null);
    CommandBatch end = new CommandBatch(ended, List.of(rejection), true);
    return store
        .replace(ended, seen.version())
        .thenCompose(
            outcome ->
                outcome.match(
                    version -> {
                      listeners.changed(before, unstorable, ended);
                      return afterWrite(commands, before, end, version);
                    },
                    conflict -> retryAfterConflict(id, commands, conflicts),
                    again -> CompletableFuture.failedStage(new Unstorable("record", again))));
  }

  private static CompletionStage<Void> completeAll(
      List<PendingCommand> commands, List<Decision> decisions) {
    for (int i = 0; i < commands.size(); i++) {
      commands.get(i).decision().complete(decisions.get(i));
    }
    return CompletableFuture.completedStage(null);
  }
}

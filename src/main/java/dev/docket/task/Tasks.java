package dev.docket.task;

import dev.docket.document.Saved;
import dev.docket.document.StoreUnavailable;
import dev.docket.document.Version;
import dev.docket.document.Versioned;
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
public final class Tasks {

  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  /** How often a write is decided again after others came first. */
  private static final int MOST_CONFLICTS = 50;

  private final TaskStore store;
  private final Policies policies;
  private final Supplier<Moment> moments;
  private final Outbox outbox;
  private final Mailboxes mailboxes = new Mailboxes();
  private final RecentTasks recent = new RecentTasks();

  public Tasks(TaskStore store, Policies policies, Supplier<Moment> moments, Outbox outbox) {
    this.store = store;
    this.policies = policies;
    this.moments = moments;
    this.outbox = outbox;
  }

  /** Writes a new task, and has it dispatched; fails with {@link TaskExists} if the id is taken. */
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
    outbox.perform(task, task.dueAt() == null ? task.outbox() : dueNow(task));
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
              Task there = found.orElseThrow(() -> new StoreUnavailable("try again")).value();
              if (there.attempt() == 1 && there.run().equals(task.run())) {
                return there;
              }
              throw new TaskExists(there);
            });
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
  public CompletionStage<Decision> tell(TaskId id, Command command) {
    return post(id, Letter.of(command, null));
  }

  /**
   * Tells a task what was decided by looking at it. If it has moved on since, nothing happens, and
   * the answer is {@link Decision.Unchanged}.
   */
  public CompletionStage<Decision> tell(Versioned<Task> seen, Command.Observed command) {
    return post(seen.value().id(), Letter.of(command, seen.version()));
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

  private CompletionStage<Decision> post(TaskId id, Letter letter) {
    if (mailboxes.post(id, letter)) {
      next(id);
    }
    return letter.answer();
  }

  private void next(TaskId id) {
    List<Letter> letters = mailboxes.take(id);
    if (letters.isEmpty()) {
      return;
    }
    Optional<Versioned<Task>> cached = recent.get(id);
    // Begun within a stage, so that even a bug becomes an answer and the box is not left busy.
    CompletionStage<Void> done =
        CompletableFuture.<Void>completedStage(null)
            .thenCompose(
                begun ->
                    cached.isPresent() && letters.get(0).folds()
                        ? decide(id, letters, cached.get(), true, 0)
                        : readAndDecide(id, letters, 0));
    done.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            recent.forget(id);
            letters.forEach(letter -> letter.answer().completeExceptionally(unwrap(failure)));
          }
          next(id);
        });
  }

  private CompletionStage<Void> readAndDecide(TaskId id, List<Letter> letters, int conflicts) {
    return store
        .find(id)
        .thenCompose(
            found ->
                found.isPresent()
                    ? decide(id, letters, found.get(), false, conflicts)
                    : CompletableFuture.failedStage(new TaskNotFound(id)));
  }

  private CompletionStage<Void> decide(
      TaskId id, List<Letter> letters, Versioned<Task> seen, boolean cached, int conflicts) {
    Version observed = letters.get(0).seen();
    if (observed != null && !observed.equals(seen.version())) {
      return answered(letters, List.of(new Decision.Unchanged(seen.value())));
    }
    Task before = seen.value();
    Fold fold = Fold.of(before, letters, policies.of(before), moments);
    if (cached && !fold.allMoved()) {
      return readAndDecide(id, letters, conflicts);
    }
    if (!fold.changed()) {
      return answered(letters, fold.decisions());
    }
    boolean removal = fold.last().deleted() && fold.last().outbox().isEmpty();
    CompletionStage<Saved> write =
        removal ? store.remove(id, seen.version()) : store.replace(fold.last(), seen.version());
    return write.thenCompose(
        saved ->
            saved.match(
                version -> written(letters, before, fold, removal ? null : version),
                stale -> conflict(id, letters, conflicts),
                why -> unfit(id, letters, seen, why),
                why -> CompletableFuture.failedStage(new StoreUnavailable(why))));
  }

  private CompletionStage<Void> written(
      List<Letter> letters, Task before, Fold fold, @Nullable Version version) {
    if (version == null) {
      recent.forget(before.id());
    } else {
      recent.put(fold.last(), version);
    }
    CompletionStage<Void> answered = answered(letters, fold.decisions());
    List<PendingEffect> added = fold.added(before);
    if (!added.isEmpty()) {
      outbox.perform(fold.last(), added);
    }
    return answered;
  }

  private CompletionStage<Void> conflict(TaskId id, List<Letter> letters, int conflicts) {
    recent.forget(id);
    return conflicts < MOST_CONFLICTS
        ? readAndDecide(id, letters, conflicts + 1)
        : CompletableFuture.failedStage(
            new StoreUnavailable("task " + id + " is being changed by too many at once"));
  }

  /** The store will never take it: whoever is to blame ends the task, alone. */
  private CompletionStage<Void> unfit(
      TaskId id, List<Letter> letters, Versioned<Task> seen, String why) {
    if (letters.size() > 1) {
      CompletionStage<Void> all = CompletableFuture.completedStage(null);
      for (Letter letter : letters) {
        all = all.thenCompose(nothing -> readAndDecide(id, List.of(letter), 0));
      }
      return all;
    }
    Letter letter = letters.get(0);
    LOG.atError()
        .addKeyValue("task", id)
        .log("The store refuses {} for good, the task ends: {}", letter.command(), why);
    Task ended =
        TaskMachine.apply(
                seen.value(), new Command.Unstorable(why), policies.of(seen.value()), moments.get())
            .task();
    Fold end =
        new Fold(
            ended,
            List.of(
                new Decision.Refused(
                    ended, Decision.Reason.ILLEGAL, "the store refuses it: " + why, null)),
            true);
    return store
        .replace(ended, seen.version())
        .thenCompose(
            saved ->
                saved.match(
                    version -> written(letters, seen.value(), end, version),
                    stale -> conflict(id, letters, 0),
                    again -> CompletableFuture.failedStage(new Unstorable(again)),
                    unknown -> CompletableFuture.failedStage(new StoreUnavailable(unknown))));
  }

  private static CompletionStage<Void> answered(List<Letter> letters, List<Decision> decisions) {
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

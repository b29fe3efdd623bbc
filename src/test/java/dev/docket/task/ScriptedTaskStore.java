package dev.docket.task;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An in-memory task store with compare-and-set, and with failures that a test scripts. */
final class ScriptedTaskStore implements TaskStore {

  /** Replaces the execution of one write. */
  interface WriteBehavior {
    WriteOutcome execute(Supplier<WriteOutcome> write);
  }

  /** The write is executed, but its response is lost. */
  static final WriteBehavior RESPONSE_LOST =
      write -> {
        WriteOutcome outcome = write.get();
        return new WriteOutcome.Unknown("lost: " + outcome);
      };

  /** The write is not executed, and its outcome is unknown. */
  static final WriteBehavior WRITE_LOST = write -> new WriteOutcome.Unknown("the write was lost");

  private final Executor executor;
  private final Map<TaskId, Versioned<Task>> records = new HashMap<>();
  private final Queue<WriteBehavior> behaviors = new ArrayDeque<>();
  private @Nullable Queue<Runnable> heldWrites;
  private Predicate<Task> unstorable = task -> false;
  private boolean unavailable;
  private long sequence;
  int writes;
  int reads;

  /** Creates a store that executes everything on the calling thread. */
  ScriptedTaskStore() {
    this(Runnable::run);
  }

  ScriptedTaskStore(Executor executor) {
    this.executor = executor;
  }

  /** Adds a behavior for the next write that has none yet. */
  synchronized void onNextWrite(WriteBehavior behavior) {
    behaviors.add(behavior);
  }

  /** Runs an action just before the next write, so that the write may conflict with it. */
  void beforeNextWrite(Runnable action) {
    onNextWrite(
        write -> {
          action.run();
          return write.get();
        });
  }

  synchronized void rejectPermanently(Predicate<Task> predicate) {
    unstorable = predicate;
  }

  synchronized void setUnavailable(boolean isUnavailable) {
    unavailable = isUnavailable;
  }

  /** Holds all writes until {@link #releaseWrites}. */
  synchronized void holdWrites() {
    heldWrites = new ArrayDeque<>();
  }

  void releaseWrites() {
    Queue<Runnable> waiting;
    synchronized (this) {
      waiting = heldWrites == null ? new ArrayDeque<>() : heldWrites;
      heldWrites = null;
    }
    waiting.forEach(executor::execute);
  }

  synchronized Task task(TaskId id) {
    return records.get(id).value();
  }

  synchronized Versioned<Task> versioned(TaskId id) {
    return records.get(id);
  }

  synchronized boolean contains(TaskId id) {
    return records.containsKey(id);
  }

  /** Stores a task unconditionally, as a write of another server. */
  synchronized void put(Task task) {
    records.put(task.id(), new Versioned<>(task, new Version(++sequence, 1)));
  }

  @Override
  public CompletionStage<WriteOutcome> create(Task task) {
    return write(
        () -> {
          if (records.containsKey(task.id())) {
            return new WriteOutcome.Conflict();
          }
          return putIfStorable(task);
        });
  }

  @Override
  public CompletionStage<WriteOutcome> replace(Task task, Version seen) {
    return write(() -> isAt(task.id(), seen) ? putIfStorable(task) : new WriteOutcome.Conflict());
  }

  @Override
  public CompletionStage<WriteOutcome> remove(TaskId id, Version seen) {
    return write(
        () -> {
          if (!isAt(id, seen)) {
            return new WriteOutcome.Conflict();
          }
          records.remove(id);
          return new WriteOutcome.Stored(new Version(++sequence, 1));
        });
  }

  private boolean isAt(TaskId id, Version seen) {
    return records.containsKey(id) && records.get(id).version().equals(seen);
  }

  private WriteOutcome putIfStorable(Task task) {
    if (unstorable.test(task)) {
      return new WriteOutcome.Rejected("malformed");
    }
    put(task);
    return new WriteOutcome.Stored(records.get(task.id()).version());
  }

  private CompletionStage<WriteOutcome> write(Supplier<WriteOutcome> write) {
    CompletableFuture<WriteOutcome> outcome = new CompletableFuture<>();
    Runnable work = () -> outcome.complete(executeNext(write));
    Queue<Runnable> waiting;
    synchronized (this) {
      waiting = heldWrites;
      if (waiting != null) {
        waiting.add(work);
      }
    }
    if (waiting == null) {
      executor.execute(work);
    }
    return outcome;
  }

  private synchronized WriteOutcome executeNext(Supplier<WriteOutcome> write) {
    writes++;
    WriteBehavior behavior = behaviors.poll();
    return behavior == null ? write.get() : behavior.execute(write);
  }

  @Override
  public CompletionStage<Optional<Versioned<Task>>> find(TaskId id) {
    CompletableFuture<Optional<Versioned<Task>>> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          synchronized (this) {
            reads++;
            if (unavailable) {
              result.completeExceptionally(new StoreUnavailable("unavailable"));
            } else {
              result.complete(Optional.ofNullable(records.get(id)));
            }
          }
        });
    return result;
  }

  @Override
  public CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids) {
    throw new UnsupportedOperationException("the task service reads tasks one by one");
  }
}

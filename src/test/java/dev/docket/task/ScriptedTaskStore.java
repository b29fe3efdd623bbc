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

/** Tasks in memory by compare-and-set, with whatever trouble a test wants to have. */
final class ScriptedTaskStore implements TaskStore {

  /** What is to happen to a write, in place of it. */
  interface Twist {
    WriteOutcome instead(Supplier<WriteOutcome> write);
  }

  /** The write is done, and its answer gets lost. */
  static final Twist ANSWER_LOST =
      write -> {
        WriteOutcome answer = write.get();
        return new WriteOutcome.Unknown("lost: " + answer);
      };

  /** The write is not done, and nobody knows. */
  static final Twist WRITE_LOST = write -> new WriteOutcome.Unknown("the write got lost");

  private final Executor executor;
  private final Map<TaskId, Versioned<Task>> records = new HashMap<>();
  private final Queue<Twist> twists = new ArrayDeque<>();
  private @Nullable Queue<Runnable> held;
  private Predicate<Task> unfit = task -> false;
  private boolean away;
  private long sequence;
  int writes;
  int reads;

  /** Answers at once, on the caller's thread. */
  ScriptedTaskStore() {
    this(Runnable::run);
  }

  ScriptedTaskStore(Executor executor) {
    this.executor = executor;
  }

  /** The next write that no other twist is for. */
  synchronized void next(Twist twist) {
    twists.add(twist);
  }

  /** Something happens just before the next write: it comes too late. */
  void meanwhile(Runnable something) {
    next(
        write -> {
          something.run();
          return write.get();
        });
  }

  synchronized void refuseForGood(Predicate<Task> which) {
    unfit = which;
  }

  synchronized void goAway(boolean isAway) {
    away = isAway;
  }

  /** Writes wait from now on, until {@link #release}. */
  synchronized void hold() {
    held = new ArrayDeque<>();
  }

  void release() {
    Queue<Runnable> waiting;
    synchronized (this) {
      waiting = held == null ? new ArrayDeque<>() : held;
      held = null;
    }
    waiting.forEach(executor::execute);
  }

  synchronized Task task(TaskId id) {
    return records.get(id).value();
  }

  synchronized Versioned<Task> seen(TaskId id) {
    return records.get(id);
  }

  synchronized boolean has(TaskId id) {
    return records.containsKey(id);
  }

  /** As another server would do it. */
  synchronized void put(Task task) {
    records.put(task.id(), new Versioned<>(task, new Version(++sequence, 1)));
  }

  @Override
  public CompletionStage<WriteOutcome> create(Task task) {
    return write(
        () -> {
          if (records.containsKey(task.id())) {
            return new WriteOutcome.Stale();
          }
          return stored(task);
        });
  }

  @Override
  public CompletionStage<WriteOutcome> replace(Task task, Version seen) {
    return write(() -> isAt(task.id(), seen) ? stored(task) : new WriteOutcome.Stale());
  }

  @Override
  public CompletionStage<WriteOutcome> remove(TaskId id, Version seen) {
    return write(
        () -> {
          if (!isAt(id, seen)) {
            return new WriteOutcome.Stale();
          }
          records.remove(id);
          return new WriteOutcome.Stored(new Version(++sequence, 1));
        });
  }

  private boolean isAt(TaskId id, Version seen) {
    return records.containsKey(id) && records.get(id).version().equals(seen);
  }

  private WriteOutcome stored(Task task) {
    if (unfit.test(task)) {
      return new WriteOutcome.Unfit("malformed");
    }
    put(task);
    return new WriteOutcome.Stored(records.get(task.id()).version());
  }

  private CompletionStage<WriteOutcome> write(Supplier<WriteOutcome> write) {
    CompletableFuture<WriteOutcome> answer = new CompletableFuture<>();
    Runnable work = () -> answer.complete(now(write));
    Queue<Runnable> waiting;
    synchronized (this) {
      waiting = held;
      if (waiting != null) {
        waiting.add(work);
      }
    }
    if (waiting == null) {
      executor.execute(work);
    }
    return answer;
  }

  private synchronized WriteOutcome now(Supplier<WriteOutcome> write) {
    writes++;
    Twist twist = twists.poll();
    return twist == null ? write.get() : twist.instead(write);
  }

  @Override
  public CompletionStage<Optional<Versioned<Task>>> find(TaskId id) {
    CompletableFuture<Optional<Versioned<Task>>> answer = new CompletableFuture<>();
    executor.execute(
        () -> {
          synchronized (this) {
            reads++;
            if (away) {
              answer.completeExceptionally(new StoreUnavailable("away"));
            } else {
              answer.complete(Optional.ofNullable(records.get(id)));
            }
          }
        });
    return answer;
  }

  @Override
  public CompletionStage<Map<TaskId, Versioned<Task>>> find(Collection<TaskId> ids) {
    throw new UnsupportedOperationException("the desk reads one at a time");
  }
}

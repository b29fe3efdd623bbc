package dev.docket.elastic.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Collects what comes while earlier requests are under way, first come, first served. There is no
 * timer: what comes when nothing is under way leaves at once, alone; under load batches grow by
 * themselves.
 *
 * @param <E> an item
 */
public final class Batcher<E> {

  private final BatchLimits limits;
  private final ToLongFunction<E> size;
  private final Function<List<E>, CompletionStage<?>> carry;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<E> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private int underWay;

  @GuardedBy("lock")
  private int heldItems;

  @GuardedBy("lock")
  private long heldBytes;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * @param size how many bytes an item is
   * @param carry sends a batch; its stage completes on another thread than it was called on, when
   *     every item has been answered. So what is told while a batch is being answered goes together
   */
  public Batcher(
      BatchLimits limits, ToLongFunction<E> size, Function<List<E>, CompletionStage<?>> carry) {
    this.limits = limits;
    this.size = size;
    this.carry = carry;
  }

  /** Takes an item; false: there is no room, or it is closed. */
  public boolean offer(E item) {
    return offer(item, limits.waitingItems(), limits.waitingBytes());
  }

  /** Takes an item that leaves the last quarter of the room to others. */
  boolean offerModestly(E item) {
    return offer(
        item,
        limits.waitingItems() - limits.waitingItems() / 4,
        limits.waitingBytes() - limits.waitingBytes() / 4);
  }

  private boolean offer(E item, int mostItems, long mostBytes) {
    long bytes = size.applyAsLong(item);
    List<E> batch;
    synchronized (lock) {
      boolean full = heldItems >= mostItems || (heldItems > 0 && heldBytes + bytes > mostBytes);
      if (closed || full) {
        return false;
      }
      waiting.add(item);
      heldItems++;
      heldBytes += bytes;
      if (underWay >= limits.requests()) {
        return true;
      }
      underWay++;
      batch = next();
    }
    go(batch);
    return true;
  }

  /** How many items are held, under way or waiting. */
  int held() {
    synchronized (lock) {
      return heldItems;
    }
  }

  /** Takes nothing more, and waits until all is answered, or for so long. */
  void close(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    synchronized (lock) {
      closed = true;
      try {
        while (heldItems > 0 && end - System.nanoTime() > 0) {
          lock.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @GuardedBy("lock")
  private List<E> next() {
    List<E> batch = new ArrayList<>(Math.min(waiting.size(), limits.items()));
    long bytes = 0;
    while (!waiting.isEmpty() && batch.size() < limits.items()) {
      bytes += size.applyAsLong(waiting.element());
      if (!batch.isEmpty() && bytes > limits.bytes()) {
        break;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  private void go(List<E> batch) {
    CompletionStage<?> carried;
    try {
      carried = carry.apply(batch);
    } catch (RuntimeException e) {
      carried = CompletableFuture.failedStage(e);
    }
    carried.whenComplete((nothing, failure) -> arrived(batch));
  }

  private void arrived(List<E> batch) {
    List<E> following;
    synchronized (lock) {
      heldItems -= batch.size();
      for (E item : batch) {
        heldBytes -= size.applyAsLong(item);
      }
      lock.notifyAll();
      if (waiting.isEmpty()) {
        underWay--;
        return;
      }
      following = next();
    }
    go(following);
  }
}

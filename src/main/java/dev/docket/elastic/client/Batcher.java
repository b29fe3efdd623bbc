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
 * Collects items into batches, first in, first out. There is no timer: an item that arrives while
 * no request is in flight is sent immediately and alone, and under load the batches grow.
 *
 * @param <E> the type of the items
 */
public final class Batcher<E> {

  private final BatchLimits limits;
  private final ToLongFunction<E> size;
  private final Function<List<E>, CompletionStage<?>> sender;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Deque<E> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private int inFlight;

  @GuardedBy("lock")
  private int pendingItems;

  @GuardedBy("lock")
  private long pendingBytes;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * @param size returns the size of an item in bytes
   * @param sender sends a batch; its stage completes when every item has its outcome, and on
   *     another thread than the caller's. Items that arrive while outcomes are delivered therefore
   *     share the next batch
   */
  public Batcher(
      BatchLimits limits, ToLongFunction<E> size, Function<List<E>, CompletionStage<?>> sender) {
    this.limits = limits;
    this.size = size;
    this.sender = sender;
  }

  /** Accepts an item; returns false if the limits are reached or the batcher is closed. */
  public boolean offer(E item) {
    return offer(item, limits.waitingItems(), limits.waitingBytes());
  }

  /** Accepts an item only into the first three quarters of the capacity. */
  boolean offerLowPriority(E item) {
    return offer(
        item,
        limits.waitingItems() - limits.waitingItems() / 4,
        limits.waitingBytes() - limits.waitingBytes() / 4);
  }

  private boolean offer(E item, int maxItems, long maxBytes) {
    long bytes = size.applyAsLong(item);
    List<E> batch;
    synchronized (lock) {
      boolean full =
          pendingItems >= maxItems || (pendingItems > 0 && pendingBytes + bytes > maxBytes);
      if (closed || full) {
        return false;
      }
      waiting.add(item);
      pendingItems++;
      pendingBytes += bytes;
      if (inFlight >= limits.requests()) {
        return true;
      }
      inFlight++;
      batch = nextBatch();
    }
    send(batch);
    return true;
  }

  /** Returns the number of items that are in flight or waiting. */
  int pendingItems() {
    synchronized (lock) {
      return pendingItems;
    }
  }

  /** Rejects further items and waits until every pending item has its outcome, or the timeout. */
  void close(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      closed = true;
      try {
        while (pendingItems > 0 && end - System.nanoTime() > 0) {
          lock.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @GuardedBy("lock")
  private List<E> nextBatch() {
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

  private void send(List<E> batch) {
    CompletionStage<?> sent;
    try {
      sent = sender.apply(batch);
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedStage(e);
    }
    sent.whenComplete((ignored, failure) -> onCompleted(batch));
  }

  private void onCompleted(List<E> batch) {
    List<E> following;
    synchronized (lock) {
      pendingItems -= batch.size();
      for (E item : batch) {
        pendingBytes -= size.applyAsLong(item);
      }
      lock.notifyAll();
      if (waiting.isEmpty()) {
        inFlight--;
        return;
      }
      following = nextBatch();
    }
    send(following);
  }
}

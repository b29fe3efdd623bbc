package dev.docket.worker;

import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The queue of items to report, in order. The number of items that need a decision is bounded by
 * the worker's slots; items that are sent once have a separate limit. Thread-safe, for one
 * consumer.
 */
final class ReportQueue {

  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_WAITING_BEFORE_DROP = 5_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ReportEntry> waiting = new ArrayDeque<>();
  private final PriorityQueue<ReportEntry> delayed =
      new PriorityQueue<>(Comparator.comparingLong(ReportEntry::due));
  private long pausedUntil = System.nanoTime();
  private boolean inFlight;
  private boolean closed;

  /** Adds an entry; returns false if the queue is full or closed. */
  boolean add(ReportEntry entry) {
    lock.lock();
    try {
      if (closed || (entry.isSentOnce() && waiting.size() >= MAX_WAITING_BEFORE_DROP)) {
        return false;
      }
      waiting.add(entry);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Adds an entry after its backoff; returns false if the queue is closed. */
  boolean addDelayed(ReportEntry entry) {
    lock.lock();
    try {
      if (!closed) {
        entry.delay(System.nanoTime());
        delayed.add(entry);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds entries at the front, in order, and pauses the queue for a time. Returns false if the
   * queue is closed.
   */
  boolean addFirst(List<ReportEntry> entries, Duration pause) {
    lock.lock();
    try {
      if (!closed) {
        pausedUntil = System.nanoTime() + pause.toNanos();
        for (int i = entries.size() - 1; i >= 0; i--) {
          waiting.addFirst(entries.get(i));
        }
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for entries and removes as many as fit into one report. A call also marks the previous
   * batch as processed. Returns an empty list when the queue is closed.
   */
  List<ReportEntry> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      inFlight = false;
      changed.signalAll();
      while (!closed) {
        long now = System.nanoTime();
        while (!delayed.isEmpty() && delayed.element().due() - now <= 0) {
          waiting.add(delayed.remove());
        }
        if (!waiting.isEmpty() && pausedUntil - now <= 0) {
          inFlight = true;
          return collect();
        }
        if (!waiting.isEmpty()) {
          changed.awaitNanos(pausedUntil - now);
        } else if (!delayed.isEmpty()) {
          changed.awaitNanos(delayed.element().due() - now);
        } else {
          changed.await();
        }
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private List<ReportEntry> collect() {
    List<ReportEntry> batch = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty() && batch.size() < ReportItem.MAX_ITEMS) {
      bytes += waiting.element().json().length;
      if (!batch.isEmpty() && bytes > MAX_BYTES) {
        break;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  /** Removes and returns the entries that are no longer needed. */
  Set<ReportEntry> takeObsolete() {
    Set<ReportEntry> obsolete = new HashSet<>();
    lock.lock();
    try {
      Stream.concat(waiting.stream(), delayed.stream())
          .filter(ReportEntry::isObsolete)
          .forEach(obsolete::add);
      waiting.removeAll(obsolete);
      delayed.removeAll(obsolete);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return obsolete;
  }

  /** Waits until the queue is empty and no batch is in flight; false if the limit passes first. */
  boolean awaitEmpty(Duration limit) throws InterruptedException {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!waiting.isEmpty() || !delayed.isEmpty() || inFlight) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Closes the queue and returns the remaining entries. */
  List<ReportEntry> close() {
    List<ReportEntry> remaining = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      remaining.addAll(waiting);
      remaining.addAll(delayed);
      waiting.clear();
      delayed.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return remaining;
  }
}

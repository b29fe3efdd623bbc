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
 * What waits to be reported, in order. Bounded by the worker's places and, for what is sent once,
 * by a limit of its own. Safe for threads; one takes.
 */
final class ReportQueue {

  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_WAITING_ONCE = 5_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ReportEntry> waiting = new ArrayDeque<>();
  private final PriorityQueue<ReportEntry> later =
      new PriorityQueue<>(Comparator.comparingLong(ReportEntry::due));
  private long pausedUntil = System.nanoTime();
  private boolean inFlight;
  private boolean closed;

  /** False if there is no room, or it is closed. */
  boolean add(ReportEntry entry) {
    lock.lock();
    try {
      if (closed || (entry.isSentOnce() && waiting.size() >= MAX_WAITING_ONCE)) {
        return false;
      }
      waiting.add(entry);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts it off by its own back-off; false if it is closed. */
  boolean addLater(ReportEntry entry) {
    lock.lock();
    try {
      if (!closed) {
        entry.delay(System.nanoTime());
        later.add(entry);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Puts it back in front, in order, and gives out nothing for a time; false if it is closed. */
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
   * Waits for something to send, and takes as much as one report may hold. What was taken before
   * has been dealt with by then. Empty once it is closed.
   */
  List<ReportEntry> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      inFlight = false;
      changed.signalAll();
      while (!closed) {
        long now = System.nanoTime();
        while (!later.isEmpty() && later.element().due() - now <= 0) {
          waiting.add(later.remove());
        }
        if (!waiting.isEmpty() && pausedUntil - now <= 0) {
          inFlight = true;
          return collect();
        }
        if (!waiting.isEmpty()) {
          changed.awaitNanos(pausedUntil - now);
        } else if (!later.isEmpty()) {
          changed.awaitNanos(later.element().due() - now);
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

  /** Takes out what is not wanted any more. */
  Set<ReportEntry> takeUnwanted() {
    Set<ReportEntry> unwanted = new HashSet<>();
    lock.lock();
    try {
      Stream.concat(waiting.stream(), later.stream())
          .filter(ReportEntry::isUnwanted)
          .forEach(unwanted::add);
      waiting.removeAll(unwanted);
      later.removeAll(unwanted);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return unwanted;
  }

  /** Waits until nothing is left; false if the limit came first. */
  boolean awaitEmpty(Duration limit) throws InterruptedException {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!waiting.isEmpty() || !later.isEmpty() || inFlight) {
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

  /** Takes nothing more, and gives back what is left. */
  List<ReportEntry> close() {
    List<ReportEntry> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(waiting);
      left.addAll(later);
      waiting.clear();
      later.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return left;
  }
}

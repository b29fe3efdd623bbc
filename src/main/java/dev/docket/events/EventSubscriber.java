package dev.docket.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one reader has still to read, bounded in number and size. Whoever is too slow loses the
 * oldest, as the latest say how things stand, and is told how many.
 */
final class EventSubscriber {

  /**
   * How much may wait for a reader.
   *
   * @param frames how many
   * @param bytes how much, all together
   */
  record Room(int frames, long bytes) {
    static final Room DEFAULT = new Room(2_000, 1024 * 1024);
  }

  private final EventFilter filter;
  private final Room room;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private long bytes;
  private long lost;
  private boolean ended;

  EventSubscriber(EventFilter filter, Room room) {
    this.filter = filter;
    this.room = room;
  }

  EventFilter filter() {
    return filter;
  }

  /**
   * Never blocks.
   *
   * @return how many were lost by it
   */
  int offer(byte[] frame) {
    lock.lock();
    try {
      waiting.add(frame);
      bytes += frame.length;
      int dropped = 0;
      while (waiting.size() > room.frames() || bytes > room.bytes()) {
        bytes -= waiting.remove().length;
        dropped++;
      }
      lost += dropped;
      changed.signalAll();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What is to be written next, waiting for it; a keep-alive after this while, empty at the end.
   */
  Optional<byte[]> next(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeout.toNanos();
      while (!ended && lost == 0 && waiting.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return ended ? Optional.empty() : Optional.of(take());
    } finally {
      lock.unlock();
    }
  }

  private byte[] take() {
    if (lost > 0) {
      byte[] frame = ServerSentEvents.lost(lost);
      lost = 0;
      return frame;
    }
    byte[] frame = waiting.poll();
    if (frame == null) {
      return ServerSentEvents.KEEP_ALIVE;
    }
    bytes -= frame.length;
    return frame;
  }

  /** Lets him go at once; what waits is not read. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package dev.docket.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The buffer of one stream, bounded in number and size. If a client is too slow the oldest events
 * are dropped, as the latest ones show the current state, and the client gets the number of dropped
 * ones.
 */
final class EventSubscriber implements FrameSource {

  /**
   * Limits of a buffer.
   *
   * @param maxFrames maximum number of frames
   * @param maxBytes maximum total size, in bytes
   */
  record BufferLimits(int maxFrames, long maxBytes) {
    static final BufferLimits DEFAULT = new BufferLimits(2_000, 1024 * 1024);
  }

  private final EventFilter filter;
  private final BufferLimits limits;
  private final Consumer<EventSubscriber> onClose;
  private final ArrayDeque<byte[]> buffer = new ArrayDeque<>();
  private long bytes;
  private long dropped;
  private boolean ended;

  /**
   * @param onClose removes the subscriber from the open streams
   */
  EventSubscriber(EventFilter filter, BufferLimits limits, Consumer<EventSubscriber> onClose) {
    this.filter = filter;
    this.limits = limits;
    this.onClose = onClose;
  }

  EventFilter filter() {
    return filter;
  }

  /**
   * Adds a frame. Never blocks.
   *
   * @return number of frames dropped to make room
   */
  synchronized int offer(byte[] frame) {
    buffer.add(frame);
    bytes += frame.length;
    int removed = 0;
    while (buffer.size() > limits.maxFrames() || bytes > limits.maxBytes()) {
      bytes -= buffer.remove().length;
      removed++;
    }
    dropped += removed;
    notifyAll();
    return removed;
  }

  @Override
  public synchronized Optional<byte[]> next(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    long remaining = timeout.toNanos();
    while (!ended && dropped == 0 && buffer.isEmpty() && remaining > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, remaining);
      remaining = end - System.nanoTime();
    }
    return ended ? Optional.empty() : Optional.of(take());
  }

  private byte[] take() {
    if (dropped > 0) {
      byte[] frame = ServerSentEvents.lost(dropped);
      dropped = 0;
      return frame;
    }
    byte[] frame = buffer.poll();
    if (frame == null) {
      return ServerSentEvents.KEEP_ALIVE;
    }
    bytes -= frame.length;
    return frame;
  }

  @Override
  public void close() {
    onClose.accept(this);
  }

  /** Ends the stream immediately; buffered frames are discarded. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }
}

package dev.docket.events;

import java.time.Duration;
import java.util.Optional;

/** Supplies the frames of one stream of server-sent events. Thread-safe. */
public interface FrameSource extends AutoCloseable {

  /**
   * Waits for the next frame. Returns a keep-alive after the timeout, and empty at the end of the
   * stream.
   */
  Optional<byte[]> next(Duration timeout) throws InterruptedException;

  /**
   * Ends the stream and frees what it occupies; {@link #next} then returns empty to its writer.
   * Closing twice is safe.
   */
  @Override
  void close();
}

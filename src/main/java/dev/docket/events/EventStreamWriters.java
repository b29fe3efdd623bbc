package dev.docket.events;

import dev.docket.auth.CredentialCheck;
import dev.docket.concurrent.NamedThreads;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the open streams, each on a thread of its own. A stream occupies no request thread, and a
 * client that does not read blocks only its own stream. Ends a stream when the credentials of its
 * request are no longer accepted.
 */
public final class EventStreamWriters {

  /** The destination of a stream. */
  interface Sink extends Closeable {

    /** Sends a frame immediately; blocks while the client does not read. */
    void write(byte[] frame) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventStreamWriters.class);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /** For how long the result of a check of credentials is used. */
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

  /** How long {@link #stop} waits for writers to finish before it interrupts them. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Duration keepAlive;
  private final LongSupplier nanos;
  private final NamedThreads factory = new NamedThreads("docket-events");
  private final Map<Thread, FrameSource> sources = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  public EventStreamWriters() {
    this(KEEP_ALIVE, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  EventStreamWriters(Duration keepAlive, LongSupplier nanos) {
    this.keepAlive = keepAlive;
    this.nanos = nanos;
  }

  /**
   * Writes frames until the source or the sink ends, or the credentials are not accepted, and then
   * closes both; returns immediately.
   */
  void start(FrameSource source, Sink sink, CredentialCheck credentials) {
    Thread thread = factory.newThread(() -> write(source, sink, credentials));
    sources.put(thread, source);
    if (stopped) {
      source.close();
    }
    thread.start();
  }

  private void write(FrameSource source, Sink sink, CredentialCheck credentials) {
    try (sink) {
      long checkedAt = nanos.getAsLong();
      Optional<byte[]> frame = source.next(keepAlive);
      while (frame.isPresent()) {
        if (nanos.getAsLong() - checkedAt >= CHECK_INTERVAL.toNanos()) {
          if (!credentials.isStillAccepted()) {
            LOG.debug("Ended an event stream, as its credentials are no longer accepted");
            return;
          }
          checkedAt = nanos.getAsLong();
        }
        sink.write(frame.orElseThrow());
        frame = source.next(keepAlive);
      }
    } catch (IOException disconnected) {
      LOG.debug("The client of an event stream disconnected", disconnected);
    } catch (InterruptedException stopped) {
      LOG.debug("Interrupted an event stream at shutdown, as its client did not read", stopped);
    } finally {
      source.close();
      sources.remove(Thread.currentThread());
    }
  }

  /** Ends all streams within about a second; those that start later end at once. */
  public void stop() throws InterruptedException {
    stopped = true;
    sources.values().forEach(FrameSource::close);
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    for (Thread thread : sources.keySet()) {
      long remaining = deadline - System.nanoTime();
      if (remaining > 0) {
        TimeUnit.NANOSECONDS.timedJoin(thread, remaining);
      }
      thread.interrupt();
    }
  }
}

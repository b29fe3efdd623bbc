package dev.docket.events;

import dev.docket.auth.CredentialCheck;
import dev.docket.concurrent.NamedThreads;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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

  private final EventStreams streams;
  private final Duration keepAlive;
  private final LongSupplier nanos;
  private final NamedThreads factory = new NamedThreads("docket-events");
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  public EventStreamWriters(EventStreams streams) {
    this(streams, KEEP_ALIVE, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  EventStreamWriters(EventStreams streams, Duration keepAlive, LongSupplier nanos) {
    this.streams = streams;
    this.keepAlive = keepAlive;
    this.nanos = nanos;
  }

  /**
   * Writes frames until the subscriber or the sink ends, or the credentials are not accepted;
   * returns immediately.
   */
  void start(EventSubscriber subscriber, Sink sink, CredentialCheck credentials) {
    Thread thread = factory.newThread(() -> write(subscriber, sink, credentials));
    threads.add(thread);
    thread.start();
  }

  private void write(EventSubscriber subscriber, Sink sink, CredentialCheck credentials) {
    try (sink) {
      long checkedAt = nanos.getAsLong();
      Optional<byte[]> frame = subscriber.next(keepAlive);
      while (frame.isPresent()) {
        if (nanos.getAsLong() - checkedAt >= CHECK_INTERVAL.toNanos()) {
          if (!credentials.isStillAccepted()) {
            LOG.debug("Ended an event stream, as its credentials are no longer accepted");
            return;
          }
          checkedAt = nanos.getAsLong();
        }
        sink.write(frame.orElseThrow());
        frame = subscriber.next(keepAlive);
      }
    } catch (IOException disconnected) {
      LOG.debug("The client of an event stream disconnected", disconnected);
    } catch (InterruptedException stopped) {
      LOG.debug("Interrupted an event stream at shutdown, as its client did not read", stopped);
    } finally {
      streams.close(subscriber);
      threads.remove(Thread.currentThread());
    }
  }

  /** Ends all streams within about a second, and accepts no new ones. */
  public void stop() throws InterruptedException {
    streams.end();
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    for (Thread thread : threads) {
      long remaining = deadline - System.nanoTime();
      if (remaining > 0) {
        TimeUnit.NANOSECONDS.timedJoin(thread, remaining);
      }
      thread.interrupt();
    }
  }
}

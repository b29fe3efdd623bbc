package dev.docket.events;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the open streams, each on a thread of its own: none of them holds a thread that answers
 * requests, and whoever does not read holds up his own only.
 */
public final class EventStreamWriters {

  /** What a stream is written to. */
  interface Sink extends Closeable {

    /** Sends this at once; blocks while the reader takes no more. */
    void write(byte[] frame) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventStreamWriters.class);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /** How long those who write may take to end their stream in order. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final EventStreams streams;
  private final Duration keepAlive;
  private final AtomicInteger number = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  public EventStreamWriters(EventStreams streams) {
    this(streams, KEEP_ALIVE);
  }

  EventStreamWriters(EventStreams streams, Duration keepAlive) {
    this.streams = streams;
    this.keepAlive = keepAlive;
  }

  /** Writes what he reads until one of them ends it; returns at once. */
  void begin(EventSubscriber reader, Sink sink) {
    Thread thread =
        new Thread(() -> write(reader, sink), "docket-events-" + number.incrementAndGet());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void write(EventSubscriber reader, Sink sink) {
    try (sink) {
      Optional<byte[]> frame = reader.next(keepAlive);
      while (frame.isPresent()) {
        sink.write(frame.orElseThrow());
        frame = reader.next(keepAlive);
      }
    } catch (IOException gone) {
      LOG.debug("Whoever read events has gone", gone);
    } catch (InterruptedException stopping) {
      LOG.debug("A reader of events took nothing while the server stopped", stopping);
    } finally {
      streams.close(reader);
      threads.remove(Thread.currentThread());
    }
  }

  /** Ends all streams, and lets nobody in any more; within about a second. */
  public void stop() throws InterruptedException {
    streams.end();
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    for (Thread thread : threads) {
      long left = deadline - System.nanoTime();
      if (left > 0) {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      }
      thread.interrupt();
    }
  }
}

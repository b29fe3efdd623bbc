package dev.docket.elastic.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Detects that Elasticsearch accepts connections but answers nothing, and then fails further
 * requests at once. Without it, each request would wait for its own timeout, and requests that wait
 * for others would wait twice. One request each second is still sent; Elasticsearch counts as
 * available as soon as it answers anything. Thread-safe.
 */
public final class SilenceDetector {

  private static final long TRIAL_INTERVAL_NANOS = 1_000_000_000;

  private final Duration timeout;
  private final LongSupplier nanos;
  private final AtomicLong nextTrial = new AtomicLong();
  private volatile long lastResponse;
  private volatile boolean silent;

  /**
   * Creates a detector.
   *
   * @param timeout the timeout of requests that have none of their own
   * @param nanos a monotonic clock such as {@link System#nanoTime}
   */
  SilenceDetector(Duration timeout, LongSupplier nanos) {
    this.timeout = timeout;
    this.nanos = nanos;
    this.lastResponse = nanos.getAsLong();
  }

  /**
   * Admits a request; returns the time to pass to {@link #failed}.
   *
   * @throws NoAnswerException if Elasticsearch does not answer, and a request was sent within the
   *     last second
   */
  public long begin() throws NoAnswerException {
    long now = nanos.getAsLong();
    if (silent) {
      long trial = nextTrial.get();
      if (now - trial < 0 || !nextTrial.compareAndSet(trial, now + TRIAL_INTERVAL_NANOS)) {
        throw new NoAnswerException(
            "Elasticsearch accepts connections, but has not answered for "
                + text(Duration.ofNanos(now - lastResponse)));
      }
    }
    return now;
  }

  /** Reports a response, of any status. */
  public void responded() {
    lastResponse = nanos.getAsLong();
    silent = false;
  }

  /** Returns the timeout of requests that have none of their own. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Reports a request without a response. A timeout counts as silence only if no other request was
   * answered meanwhile.
   *
   * @param ownTimeout the timeout of this request
   * @return a {@link NoAnswerException} for a timeout, else the same failure
   */
  public IOException failed(long sentAt, IOException failure, Duration ownTimeout) {
    if (!(failure instanceof SocketTimeoutException)) {
      return failure;
    }
    if (lastResponse - sentAt <= 0) {
      nextTrial.set(nanos.getAsLong() + TRIAL_INTERVAL_NANOS);
      silent = true;
    }
    String setting = ownTimeout.equals(timeout) ? " (elasticsearch.requestTimeout)" : "";
    return new NoAnswerException(
        "Elasticsearch did not answer within " + text(ownTimeout) + setting, failure);
  }

  private static String text(Duration duration) {
    return duration.toMillis() < 1_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
  }
}

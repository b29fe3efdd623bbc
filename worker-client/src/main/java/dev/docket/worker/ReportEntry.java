package dev.docket.worker;

import dev.docket.wire.ReportResponse;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An item to report and the listener for its response. */
final class ReportEntry {

  private static final Logger LOG = LoggerFactory.getLogger(ReportEntry.class);

  private final byte[] json;
  private final BooleanSupplier needed;
  private final @Nullable Backoff retry;
  private final Reporter.ResponseListener listener;
  private long due;
  private volatile boolean completed;

  /**
   * @param needed whether the item still has to be sent
   * @param retry the backoff while the server does not decide the item; null for an item that is
   *     sent once
   */
  ReportEntry(
      byte[] json,
      BooleanSupplier needed,
      @Nullable Backoff retry,
      Reporter.ResponseListener listener) {
    this.json = json;
    this.needed = needed;
    this.retry = retry;
    this.listener = listener;
  }

  byte[] json() {
    return json;
  }

  boolean isObsolete() {
    return !needed.getAsBoolean();
  }

  boolean isSentOnce() {
    return retry == null;
  }

  /** Delays the next attempt. Has no effect on an item that is sent once. */
  void delay(long now) {
    if (retry != null) {
      due = now + retry.next().toNanos();
    }
  }

  long due() {
    return due;
  }

  boolean isCompleted() {
    return completed;
  }

  /**
   * Passes the response to the listener, or null if there is none. Exceptions of the listener are
   * logged and not thrown.
   */
  void complete(@Nullable ReportResponse response) {
    completed = true;
    try {
      listener.onResponse(response);
    } catch (RuntimeException | Error e) {
      LOG.error("Processing the response {} to a report item failed; ignoring it", response, e);
    }
  }
}

package dev.docket.worker;

import dev.docket.wire.ReportAnswer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An item to report, and who waits for its answer. */
final class ReportEntry {

  private static final Logger LOG = LoggerFactory.getLogger(ReportEntry.class);

  private final byte[] json;
  private final BooleanSupplier wanted;
  private final @Nullable Backoff retry;
  private final Reporter.Answered answered;
  private long due;
  private volatile boolean told;

  /**
   * @param retry how long to wait when the server does not decide it; null for an item that is sent
   *     once
   */
  ReportEntry(
      byte[] json, BooleanSupplier wanted, @Nullable Backoff retry, Reporter.Answered answered) {
    this.json = json;
    this.wanted = wanted;
    this.retry = retry;
    this.answered = answered;
  }

  byte[] json() {
    return json;
  }

  boolean isUnwanted() {
    return !wanted.getAsBoolean();
  }

  boolean isSentOnce() {
    return retry == null;
  }

  /** Puts off the next try; not for what is sent once. */
  void delay(long now) {
    if (retry != null) {
      due = now + retry.next().toNanos();
    }
  }

  long due() {
    return due;
  }

  boolean isCompleted() {
    return told;
  }

  /** Tells the answer, null for none; whoever hears it cannot do harm. */
  void complete(@Nullable ReportAnswer answer) {
    told = true;
    try {
      answered.hear(answer);
    } catch (RuntimeException | Error bug) {
      LOG.error("an answer could not be worked on: {}", answer, bug);
    }
  }
}

package dev.docket.dialect.dane.importing;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reports the number of documents, their rate and the remaining time, at most every few seconds.
 */
final class ImportProgress {

  private static final long INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

  private final long total;
  private final Consumer<String> out;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private long reportedAt;
  private long done;

  ImportProgress(long total, Consumer<String> out, LongSupplier nanoTime) {
    this.total = total;
    this.out = out;
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
    this.reportedAt = startedAt;
  }

  void add(int documents) {
    done += documents;
    long now = nanoTime.getAsLong();
    if (now - reportedAt >= INTERVAL_NANOS || done >= total) {
      reportedAt = now;
      out.accept(text(now));
    }
  }

  private String text(long now) {
    double seconds = Math.max(0.001, (now - startedAt) / 1e9);
    double rate = done / seconds;
    long remaining = Math.round(Math.max(0, total - done) / Math.max(rate, 0.001));
    return String.format(
        Locale.ROOT,
        "%,d of %,d documents, %,.0f/s, %d min %02d s left",
        done,
        total,
        rate,
        remaining / 60,
        remaining % 60);
  }
}

package dev.docket.workerapi;

import dev.docket.wire.ReportItem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker that has been heard. What it has not said of itself is null.
 *
 * @param keys the task keys it works on
 * @param types the target types it works on; empty for all
 * @param running how many tasks it had under way
 * @param lastSeen when it was last heard, by the clock of the server that heard it
 */
public record KnownWorker(
    String name,
    @Nullable String host,
    @Nullable String version,
    @Nullable List<String> keys,
    @Nullable List<String> types,
    @Nullable Integer concurrency,
    @Nullable Integer running,
    Instant lastSeen) {

  public KnownWorker {
    keys = keys == null ? null : List.copyOf(keys);
    types = types == null ? null : List.copyOf(types);
  }

  static KnownWorker of(ReportItem.Hello hello, Instant now) {
    return new KnownWorker(
        hello.worker(),
        hello.host(),
        hello.version(),
        hello.keys(),
        hello.types(),
        hello.concurrency(),
        hello.running(),
        now);
  }

  static KnownWorker named(String name, Instant now) {
    return new KnownWorker(name, null, null, null, null, null, null, now);
  }

  /** The same, heard again. */
  KnownWorker at(Instant now) {
    return new KnownWorker(name, host, version, keys, types, concurrency, running, now);
  }

  /** What two servers have heard of one worker. */
  KnownWorker with(KnownWorker other) {
    if (lastSeen.isBefore(other.lastSeen)) {
      return other.with(this);
    }
    return keys == null ? other.at(lastSeen) : this;
  }
}

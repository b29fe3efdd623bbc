package dev.docket.workers;

import dev.docket.wire.ReportItem;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A worker that has sent a report or a poll. A field that the worker has not reported is null.
 *
 * @param keys the task keys that it works on
 * @param types the target types that it works on; empty for all
 * @param running how many tasks it was executing
 * @param lastSeen time of its last request, on the clock of the server that received it
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
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(lastSeen, "last_seen");
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

  /** The same worker, with another {@code lastSeen}. */
  KnownWorker withLastSeen(Instant now) {
    return new KnownWorker(name, host, version, keys, types, concurrency, running, now);
  }

  /**
   * Combines what two servers know of the same worker. A hello says more than a poll, and a poll
   * more than a report.
   */
  KnownWorker merge(KnownWorker other) {
    if (lastSeen.isBefore(other.lastSeen)) {
      return other.merge(this);
    }
    boolean otherSaysMore = keys == null || (concurrency == null && other.concurrency != null);
    return otherSaysMore ? other.withLastSeen(lastSeen) : this;
  }
}

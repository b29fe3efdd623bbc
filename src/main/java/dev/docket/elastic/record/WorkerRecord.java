package dev.docket.elastic.record;

import dev.docket.workers.KnownWorker;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The stored form of a worker's registry entry. */
record WorkerRecord(
    String name,
    @Nullable String host,
    @Nullable String version,
    @Nullable List<String> keys,
    @Nullable List<String> types,
    @Nullable Integer concurrency,
    @Nullable Integer running,
    Instant lastSeen) {

  WorkerRecord {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(lastSeen, "last_seen");
  }

  static WorkerRecord of(KnownWorker worker) {
    return new WorkerRecord(
        worker.name(),
        worker.host(),
        worker.version(),
        worker.keys(),
        worker.types(),
        worker.concurrency(),
        worker.running(),
        worker.lastSeen());
  }

  KnownWorker worker() {
    return new KnownWorker(name, host, version, keys, types, concurrency, running, lastSeen);
  }
}

package dev.docket.elastic.record;

import dev.docket.maintenance.Leader;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of the leader record.
 *
 * @param format null in a record of the first release, and then 1
 */
record LeaderRecord(
    @Nullable String server,
    String host,
    Instant since,
    @Nullable Instant at,
    long stamp,
    Map<TaskKey, Instant> repairs,
    @Nullable Integer format) {

  LeaderRecord {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(repairs, "repairs");
  }

  static LeaderRecord of(Leader leader) {
    return new LeaderRecord(
        leader.server(),
        leader.host(),
        leader.since(),
        leader.at(),
        leader.stamp(),
        leader.repairs(),
        leader.format());
  }

  Leader leader() {
    return new Leader(server, host, since, at, stamp, repairs, format == null ? 1 : format);
  }
}

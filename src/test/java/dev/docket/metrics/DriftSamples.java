package dev.docket.metrics;

import dev.docket.drift.Drift;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sample drifts for tests of metrics. */
final class DriftSamples {

  static final Instant AT = Instant.parse("2026-03-01T10:00:00.500Z");

  private DriftSamples() {}

  static Drift.KeyDrift key(String name, Drift.QueueTotals queues, Long missing, Long surplus) {
    return new Drift.KeyDrift(
        new TaskKey(name),
        Map.of(TaskState.QUEUED, 9L),
        AT,
        queues,
        missing,
        surplus,
        null,
        Set.of());
  }

  static Drift of(List<Drift.KeyDrift> keys) {
    return new Drift(AT, true, null, null, false, 0L, 0L, keys);
  }

  static Drift withOneKey() {
    return of(List.of(key("ASR", new Drift.QueueTotals(5, 2, 3), 2L, 1L)));
  }

  /** More keys than have their own label value. */
  static Drift withManyKeys() {
    List<Drift.KeyDrift> keys = new ArrayList<>();
    for (int i = 0; i < KeyLabels.MAX_KEYS + 5; i++) {
      keys.add(key("K" + i, new Drift.QueueTotals(1, 0, 0), 2L, 0L));
    }
    return of(keys);
  }
}

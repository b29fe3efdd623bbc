package dev.docket.metrics;

import dev.docket.drift.Drift;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at the broker, for tests of their figures. */
final class DriftSamples {

  static final Instant AT = Instant.parse("2026-03-01T10:00:00.500Z");

  private DriftSamples() {}

  static Drift.OfKey key(String name, Drift.Broker broker, Long missing, Long surplus) {
    return new Drift.OfKey(
        new TaskKey(name),
        Map.of(TaskState.QUEUED, 9L),
        AT,
        broker,
        missing,
        surplus,
        null,
        Set.of());
  }

  static Drift of(List<Drift.OfKey> keys) {
    return new Drift(AT, true, null, null, false, 0L, 0L, keys);
  }

  static Drift some() {
    return of(List.of(key("ASR", new Drift.Broker(5, 2, 3), 2L, 1L)));
  }

  /** More than have a label of their own. */
  static Drift many() {
    List<Drift.OfKey> keys = new ArrayList<>();
    for (int i = 0; i < KeyLabels.MAX_KEYS + 5; i++) {
      keys.add(key("K" + i, new Drift.Broker(1, 0, 0), 2L, 0L));
    }
    return of(keys);
  }
}

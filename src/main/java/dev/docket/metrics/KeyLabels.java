package dev.docket.metrics;

import dev.docket.task.TaskKey;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of label values for task keys. Clients choose task keys, and each label value
 * costs memory here and in Prometheus. The first keys have their own label value, and all others
 * share {@value #OTHER}. A key keeps its label value until the server stops, so that counters do
 * not jump.
 */
final class KeyLabels {

  /** Maximum number of keys with their own label value. */
  static final int MAX_KEYS = 500;

  /** Label value of all other keys. It is not a valid task key. */
  static final String OTHER = "_other";

  private final Set<TaskKey> known = ConcurrentHashMap.newKeySet();
  private final AtomicInteger remaining = new AtomicInteger(MAX_KEYS);

  /** The configured keys come first. */
  KeyLabels(Collection<TaskKey> configured) {
    configured.forEach(this::of);
  }

  String of(TaskKey key) {
    if (known.contains(key)) {
      return key.value();
    }
    return remaining.get() > 0 && admit(key) ? key.value() : OTHER;
  }

  /** Sets a gauge to the sum of the numbers of each label; those that are null do not count. */
  <V> void sum(
      Iterable<V> values,
      Function<V, TaskKey> keyOf,
      Function<V, ? extends @Nullable Number> numberOf,
      GaugeWithCallback.Callback gauge) {
    Map<String, Long> sums = new TreeMap<>();
    for (V value : values) {
      Number number = numberOf.apply(value);
      if (number != null) {
        sums.merge(of(keyOf.apply(value)), number.longValue(), Long::sum);
      }
    }
    sums.forEach((label, sum) -> gauge.call(sum, label));
  }

  private synchronized boolean admit(TaskKey key) {
    if (remaining.get() > 0 && known.add(key)) {
      remaining.decrementAndGet();
    }
    return known.contains(key);
  }
}

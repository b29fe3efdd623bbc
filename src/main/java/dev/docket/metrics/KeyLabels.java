package dev.docket.metrics;

import dev.docket.task.TaskKey;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

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

  private synchronized boolean admit(TaskKey key) {
    if (remaining.get() > 0 && known.add(key)) {
      remaining.decrementAndGet();
    }
    return known.contains(key);
  }
}

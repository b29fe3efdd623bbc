package dev.docket.metrics;

import dev.docket.task.TaskKey;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which keys get a label of their own. Keys are made up by whoever submits, and each costs memory
 * here and in Prometheus: so the first ones get one, and all others share {@value #OTHER}. Who has
 * one keeps it until the server ends, or a counter would jump.
 */
final class KeyLabels {

  /** The most keys with a label of their own. */
  static final int MAX_KEYS = 500;

  /** Of all other keys; no key can be written so. */
  static final String OTHER = "_other";

  private final Set<TaskKey> known = ConcurrentHashMap.newKeySet();
  private final AtomicInteger left = new AtomicInteger(MAX_KEYS);

  /** Those that somebody has configured come first. */
  KeyLabels(Collection<TaskKey> configured) {
    configured.forEach(this::of);
  }

  String of(TaskKey key) {
    if (known.contains(key)) {
      return key.value();
    }
    return left.get() > 0 && admit(key) ? key.value() : OTHER;
  }

  private synchronized boolean admit(TaskKey key) {
    if (left.get() > 0 && known.add(key)) {
      left.decrementAndGet();
    }
    return known.contains(key);
  }
}

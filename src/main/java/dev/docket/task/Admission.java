package dev.docket.task;

import org.jspecify.annotations.Nullable;

/**
 * The permission to hand a run of a limited key out.
 *
 * @param id random, so that each admission is told from earlier ones of the same run
 * @param slot the place that the run occupies, from 1; null if the key has no concurrency limit
 */
public record Admission(String id, @Nullable Integer slot) {

  /** Whether the run occupies one of the first {@code concurrency} slots. */
  boolean isWithin(int concurrency) {
    return slot != null && slot <= concurrency;
  }
}

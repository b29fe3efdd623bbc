package dev.docket.limit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a key, as clients see them.
 *
 * @param hold why no task of the key is handed out: {@code paused}, {@code service_sleeping},
 *     {@code service_unavailable} or {@code service_disabled}; null if tasks are handed out
 * @param source {@code request} if people have set the limits over HTTP, {@code configuration}
 *     otherwise
 * @param slots the runs that occupy a slot; null in lists
 * @param waiting the number of tasks that wait because of the limits, as of the last count
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record LimitView(
    TaskKey key,
    boolean paused,
    @Nullable Integer concurrency,
    @Nullable Rate rate,
    @Nullable String hold,
    String source,
    @Nullable Instant changedAt,
    @Nullable String changedBy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<OccupiedSlot> slots,
    long waiting) {

  /** A slot and the task whose run occupies it. */
  public record OccupiedSlot(int number, TaskId task) {}

  static LimitView of(
      TaskKey key,
      KeyLimits limits,
      @Nullable LimitSetting setting,
      @Nullable List<OccupiedSlot> slots,
      long waiting) {
    KeyLimits.Hold hold = limits.hold();
    return new LimitView(
        key,
        hold == KeyLimits.Hold.PAUSED,
        limits.concurrency(),
        limits.rate(),
        hold == null ? null : hold.wire(),
        setting == null ? "configuration" : "request",
        setting == null ? null : setting.changedAt(),
        setting == null ? null : setting.changedBy(),
        slots,
        waiting);
  }
}

package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How often it is looked for what is overdue, silent, without a queue, deleted, open, given up,
 * waiting in vain, lost by the broker, how many have ended, when all of these are counted anew, and
 * what is too old to be kept.
 */
public record SweepConfig(
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration overdue,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration leases,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration unroutable,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration purge,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration backlog,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration unanswered,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration census,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration waiting,
    @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration counts,
    @MinDuration(value = 1, unit = TimeUnit.MINUTES) Duration recount,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration retention) {

  /** With the defaults for what is left out. */
  @JsonCreator
  static SweepConfig of(
      @Nullable Duration overdue,
      @Nullable Duration leases,
      @Nullable Duration unroutable,
      @Nullable Duration purge,
      @Nullable Duration backlog,
      @Nullable Duration unanswered,
      @Nullable Duration census,
      @Nullable Duration waiting,
      @Nullable Duration counts,
      @Nullable Duration recount,
      @Nullable Duration retention) {
    return new SweepConfig(
        overdue == null ? Duration.seconds(2) : overdue,
        leases == null ? Duration.seconds(5) : leases,
        unroutable == null ? Duration.seconds(5) : unroutable,
        purge == null ? Duration.seconds(2) : purge,
        backlog == null ? Duration.seconds(15) : backlog,
        unanswered == null ? Duration.minutes(1) : unanswered,
        census == null ? Duration.seconds(10) : census,
        waiting == null ? Duration.minutes(1) : waiting,
        counts == null ? Duration.minutes(1) : counts,
        recount == null ? Duration.hours(6) : recount,
        retention == null ? Duration.seconds(5) : retention);
  }

  static SweepConfig defaults() {
    return of(null, null, null, null, null, null, null, null, null, null, null);
  }
}

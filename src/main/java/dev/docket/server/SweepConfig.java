package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The intervals of the sweeps; see {@code config.yml}.
 *
 * @param overdue sweep that performs due and overdue effects
 * @param leases sweep for lost leases and timeouts
 * @param unroutable sweep for tasks without a queue
 * @param purge sweep for the tasks of deleted documents
 * @param backlog count of open tasks
 * @param unanswered sweep for tasks without a reply
 * @param census comparison of queues and store
 * @param waiting sweep for tasks that wait for dependencies
 * @param counts count of ended tasks since the last count
 * @param recount full count of all ended tasks
 * @param retention sweep for expired records
 * @param payloads sweeps for payloads that belong to no result, and for hidden results of closed
 *     runs
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
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration retention,
    @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) Duration payloads) {

  /** Applies defaults to omitted settings. */
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
      @Nullable Duration retention,
      @Nullable Duration payloads) {
    return new SweepConfig(
        overdue == null ? Duration.seconds(2) : overdue,
        leases == null ? Duration.seconds(5) : leases,
        unroutable == null ? Duration.seconds(5) : unroutable,
        purge == null ? Duration.seconds(2) : purge,
        backlog == null ? Duration.seconds(5) : backlog,
        unanswered == null ? Duration.minutes(1) : unanswered,
        census == null ? Duration.seconds(10) : census,
        waiting == null ? Duration.minutes(1) : waiting,
        counts == null ? Duration.seconds(5) : counts,
        recount == null ? Duration.hours(6) : recount,
        retention == null ? Duration.seconds(5) : retention,
        payloads == null ? Duration.minutes(1) : payloads);
  }

  static SweepConfig defaults() {
    return of(null, null, null, null, null, null, null, null, null, null, null, null);
  }
}

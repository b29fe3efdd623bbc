package dev.docket.server;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import java.util.concurrent.TimeUnit;

/** The intervals of the sweeps; see {@code config.yml}. */
public final class SweepConfig {

  /** Sweep that performs due and overdue effects. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration overdue = Duration.seconds(2);

  /** Sweep for lost leases and timeouts. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration leases = Duration.seconds(5);

  /** Sweep for tasks without a queue. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration unroutable = Duration.seconds(5);

  /** Sweep for tasks that wait because of the limits of their key. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration admission = Duration.seconds(2);

  /** Sweep for slots without a run. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration slots = Duration.seconds(10);

  /** Sweep for the tasks of deleted documents. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration purge = Duration.seconds(2);

  /** Count of open tasks. */
  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  Duration backlog = Duration.seconds(5);

  /** Sweep for tasks without a reply. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration unanswered = Duration.minutes(1);

  /** Comparison of queues and store. */
  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  Duration census = Duration.seconds(10);

  /** Sweep for tasks that wait for dependencies. */
  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  Duration waiting = Duration.minutes(1);

  /** Count of ended tasks since the last count. */
  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  Duration counts = Duration.seconds(5);

  /** Full count of all ended tasks. */
  @Setting
  @MinDuration(value = 1, unit = TimeUnit.MINUTES)
  Duration recount = Duration.hours(6);

  /** Sweep for expired records. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration retention = Duration.seconds(5);

  /** Sweeps for payloads that belong to no result, and for hidden results of closed runs. */
  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  Duration payloads = Duration.minutes(1);
}

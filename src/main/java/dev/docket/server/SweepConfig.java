package dev.docket.server;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import java.util.concurrent.TimeUnit;

/** The intervals of the sweeps; see {@code config.yml}. */
public final class SweepConfig {

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration overdue = Duration.seconds(2);

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration leases = Duration.seconds(5);

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration unroutable = Duration.seconds(5);

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration purge = Duration.seconds(2);

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private Duration backlog = Duration.seconds(5);

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration unanswered = Duration.minutes(1);

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private Duration census = Duration.seconds(10);

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private Duration waiting = Duration.minutes(1);

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.SECONDS)
  private Duration counts = Duration.seconds(5);

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.MINUTES)
  private Duration recount = Duration.hours(6);

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration retention = Duration.seconds(5);

  @Setting
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  private Duration payloads = Duration.minutes(1);

  /** Sweep that performs due and overdue effects. */
  public java.time.Duration overdue() {
    return overdue.toJavaDuration();
  }

  /** Sweep for lost leases and timeouts. */
  public java.time.Duration leases() {
    return leases.toJavaDuration();
  }

  /** Sweep for tasks without a queue. */
  public java.time.Duration unroutable() {
    return unroutable.toJavaDuration();
  }

  /** Sweep for the tasks of deleted documents. */
  public java.time.Duration purge() {
    return purge.toJavaDuration();
  }

  /** Count of open tasks. */
  public java.time.Duration backlog() {
    return backlog.toJavaDuration();
  }

  /** Sweep for tasks without a reply. */
  public java.time.Duration unanswered() {
    return unanswered.toJavaDuration();
  }

  /** Comparison of queues and store. */
  public java.time.Duration census() {
    return census.toJavaDuration();
  }

  /** Sweep for tasks that wait for dependencies. */
  public java.time.Duration waiting() {
    return waiting.toJavaDuration();
  }

  /** Count of ended tasks since the last count. */
  public java.time.Duration counts() {
    return counts.toJavaDuration();
  }

  /** Full count of all ended tasks. */
  public java.time.Duration recount() {
    return recount.toJavaDuration();
  }

  /** Sweep for expired records. */
  public java.time.Duration retention() {
    return retention.toJavaDuration();
  }

  /** Sweeps for payloads that belong to no result, and for hidden results of closed runs. */
  public java.time.Duration payloads() {
    return payloads.toJavaDuration();
  }
}

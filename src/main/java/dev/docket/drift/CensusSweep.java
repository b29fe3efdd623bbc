package dev.docket.drift;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.counts.BacklogCounts;
import dev.docket.maintenance.Sweep;
import dev.docket.protocol.WorkerProtocols;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects messages that the broker has lost, and republishes their tasks. Each census counts the
 * broker's queues, then the store, and compares the store with the queues as the previous census
 * counted them. By then every reply whose message had left a queue is either stored, or still in
 * the response queue as counted now. Every server runs the census; only the leader republishes.
 */
public final class CensusSweep implements Sweep {

  private final Census census;
  private final SettledTasks settled;
  private final BacklogCounts counts;
  private final WorkerProtocols protocols;
  private final LossDetectionSettings settings;
  private final Republisher republisher;
  private final BooleanSupplier isLeader;
  private final LatestDrift latest;
  private final Clock clock;
  private final LossDetector detector;
  private volatile boolean resetRequested;
  private boolean wasLeader;
  private @Nullable Reading last;
  private @Nullable Instant noRepliesPendingAt;

  /** Queue statistics, with the time of the request. */
  private record Reading(Instant startedAt, Instant endedAt, Census.Statistics statistics) {}

  /**
   * Creates the sweep.
   *
   * @param isLeader whether this server is the leader
   */
  public CensusSweep(
      Census census,
      SettledTasks settled,
      BacklogCounts counts,
      WorkerProtocols protocols,
      LossDetectionSettings settings,
      Republisher republisher,
      BooleanSupplier isLeader,
      LatestDrift latest,
      Clock clock) {
    this.census = census;
    this.settled = settled;
    this.counts = counts;
    this.protocols = protocols;
    this.settings = settings;
    this.republisher = republisher;
    this.isLeader = isLeader;
    this.latest = latest;
    this.clock = clock;
    this.detector = new LossDetector(settings);
  }

  @Override
  public String name() {
    return "census";
  }

  /** Discards all previous counts. A broker that was unavailable may have lost its queues. */
  public void reconnected() {
    resetRequested = true;
  }

  @Override
  public void run() {
    boolean leader = isLeader.getAsBoolean();
    if (resetRequested || leader != wasLeader) {
      resetRequested = false;
      last = null;
      detector.reset();
    }
    wasLeader = leader;
    Instant startedAt = clock.instant();
    Census.Statistics statistics;
    try {
      statistics = census.count();
    } catch (BrokerUnavailable unavailable) {
      last = null;
      detector.reset();
      setUnknown(false, String.valueOf(unavailable.getMessage()), startedAt);
      return;
    }
    Reading previous = last;
    if (previous != null && startedAt.isBefore(previous.endedAt().plus(settings.minInterval()))) {
      return;
    }
    last = new Reading(startedAt, clock.instant(), statistics);
    Instant pendingSince = repliesPendingSince(statistics, startedAt);
    if (previous == null) {
      setUnknown(
          true,
          "the broker's queues have been counted once; the next census compares them",
          startedAt);
    } else {
      compare(previous, statistics.pendingReplies(), pendingSince, startedAt);
    }
  }

  private void setUnknown(boolean counted, String reason, Instant now) {
    latest.set(Drift.unknown(counted, reason, counts.backlog(now), republisher.lastRepairs()));
  }

  /** Since when every census has found pending replies; null unless that is too long. */
  private @Nullable Instant repliesPendingSince(Census.Statistics statistics, Instant now) {
    Long pending = statistics.pendingReplies();
    Instant since = noRepliesPendingAt;
    if (since == null || (pending != null && pending == 0)) {
      noRepliesPendingAt = now;
      return null;
    }
    return pending == null || now.isBefore(since.plus(settings.maxReplyWait())) ? null : since;
  }

  private void compare(
      Reading reading, @Nullable Long pendingReplies, @Nullable Instant pendingSince, Instant now) {
    Instant settledBefore = reading.startedAt().minus(settings.minMessageAge());
    CensusSnapshot snapshot =
        new CensusSnapshot(
            reading.startedAt(),
            reading.statistics(),
            pendingReplies,
            settledBefore,
            settled.expectedMessages(settledBefore),
            pendingSince == null
                ? null
                : olderTasks(reading.startedAt().minus(settings.maxReplyWait())));
    List<Comparison> comparisons = snapshot.compare(protocols);
    List<LossDetector.DetectedLoss> losses = detector.add(comparisons);
    for (LossDetector.DetectedLoss loss : losses) {
      if (mayRepublish()) {
        Republisher.Repair repair = republisher.republish(loss, protocols, this::mayRepublish);
        if (repair.tasks() > 0) {
          detector.recordRepair(loss, repair.repeated(), clock.instant());
        }
      }
    }
    latest.set(
        Drift.of(
            snapshot, pendingSince, comparisons, counts.backlog(now), republisher.lastRepairs()));
  }

  private CensusSnapshot.OlderTasks olderTasks(Instant settledBefore) {
    return CensusSnapshot.OlderTasks.of(settledBefore, settled.expectedMessages(settledBefore));
  }

  private boolean mayRepublish() {
    return wasLeader && isLeader.getAsBoolean() && !resetRequested;
  }
}

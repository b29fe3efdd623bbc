package dev.docket.drift;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.maintenance.Sweep;
import dev.docket.task.TaskStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices what the broker has lost, and has it sent again. Each look counts the broker's queues,
 * then the store, and compares the store with the queues as they were at the look before: by then
 * even the oldest answer that had left a queue is stored, or still waits in the response queue as
 * counted now. Every server looks; only the leader acts.
 */
public final class CensusSweep implements Sweep {

  private final Census census;
  private final TaskStore.Sweeps sweeps;
  private final ProtocolExchanges exchanges;
  private final LossDetectionSettings settings;
  private final Republisher resend;
  private final BooleanSupplier leads;
  private final LatestDrift board;
  private final Clock clock;
  private final LossDetector detector;
  private volatile boolean startOver;
  private boolean led;
  private @Nullable Reading last;
  private @Nullable Instant allStored;

  /** The broker's queues, and when it was asked. */
  private record Reading(Instant began, Instant ended, Census.Figures figures) {}

  /**
   * Wires it.
   *
   * @param leads whether this server is the one to act
   */
  public CensusSweep(
      Census census,
      TaskStore.Sweeps sweeps,
      ProtocolExchanges exchanges,
      LossDetectionSettings settings,
      Republisher resend,
      BooleanSupplier leads,
      LatestDrift board,
      Clock clock) {
    this.census = census;
    this.sweeps = sweeps;
    this.exchanges = exchanges;
    this.settings = settings;
    this.resend = resend;
    this.leads = leads;
    this.board = board;
    this.clock = clock;
    this.detector = new LossDetector(settings);
  }

  @Override
  public String name() {
    return "census";
  }

  /** The broker is back, and may not be what it was: all looks so far count no more. */
  public void reconnected() {
    startOver = true;
  }

  @Override
  public void run() {
    boolean leading = leads.getAsBoolean();
    if (startOver || leading != led) {
      startOver = false;
      last = null;
      detector.forget();
    }
    led = leading;
    Instant began = clock.instant();
    Census.Figures figures;
    try {
      figures = census.count();
    } catch (BrokerUnavailable nobodyKnows) {
      last = null;
      detector.forget();
      note(false, String.valueOf(nobodyKnows.getMessage()), began);
      return;
    }
    Reading before = last;
    if (before == null) {
      last = new Reading(began, clock.instant(), figures);
      noteAnswers(figures, began);
      note(true, "the broker has been counted once, and is compared at the next look", began);
    } else if (!began.isBefore(before.ended().plus(settings.gap()))) {
      last = new Reading(began, clock.instant(), figures);
      noteAnswers(figures, began);
      compare(before, figures.answers(), began);
    }
  }

  private void note(boolean counted, String why, Instant now) {
    board.note(Drift.unknown(counted, why, sweeps.backlog(now), resend.lastRepairs()));
  }

  private void noteAnswers(Census.Figures figures, Instant now) {
    Long answers = figures.answers();
    if (allStored == null || (answers != null && answers == 0)) {
      allStored = now;
    }
  }

  private void compare(Reading reading, @Nullable Long answers, Instant now) {
    Instant before = reading.began().minus(settings.slack());
    Instant stored = allStored;
    boolean waited =
        answers != null
            && answers > 0
            && stored != null
            && !now.isBefore(stored.plus(settings.answers()));
    CensusSnapshot look =
        new CensusSnapshot(
            reading.began(),
            reading.figures(),
            answers,
            before,
            sweeps.handedOver(before),
            waited ? earlier(reading.began().minus(settings.answers())) : null);
    List<Comparison> compared = look.compare(exchanges);
    List<LossDetector.DetectedLoss> losses = detector.add(compared);
    for (LossDetector.DetectedLoss loss : losses) {
      if (mayAct()) {
        Republisher.Sent sent = resend.send(loss, exchanges, this::mayAct);
        if (sent.tasks() > 0) {
          detector.repaired(loss, sent.again(), clock.instant());
        }
      }
    }
    board.note(
        Drift.of(
            look, waited ? stored : null, compared, sweeps.backlog(now), resend.lastRepairs()));
  }

  private CensusSnapshot.Patient earlier(Instant before) {
    return CensusSnapshot.Patient.of(before, sweeps.handedOver(before));
  }

  private boolean mayAct() {
    return led && leads.getAsBoolean() && !startOver;
  }
}

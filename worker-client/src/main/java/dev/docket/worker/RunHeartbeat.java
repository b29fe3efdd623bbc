package dev.docket.worker;

import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The signs of life of one run. It speaks each third of its lease, from the claim until the end is
 * taken; progress takes the place of a heartbeat. Its first word after the handler has begun is
 * that it has begun, a moment later, so that a short run needs none. One word at a time: while it
 * is in flight, only the latest progress is kept. Safe for threads.
 */
final class RunHeartbeat {

  private static final long AFTER_FAILURE = Duration.ofSeconds(1).toNanos();

  private final RunItems items;
  private final Reporter reporter;
  private final WorkerTimeouts timing;
  private final long beat;
  private final Consumer<ReportAnswer> listener;

  private boolean running;
  private long began;
  private long lastWord;
  private long nextWord;
  private int inFlight;
  private boolean startTaken;
  private boolean unsaid;
  private @Nullable Integer percent;
  private @Nullable String stage;
  private @Nullable String message;

  /**
   * @param listener hears every answer, on the reporter's thread
   */
  RunHeartbeat(
      RunItems items,
      Lease lease,
      Reporter reporter,
      WorkerTimeouts timing,
      Consumer<ReportAnswer> listener) {
    this.items = items;
    this.reporter = reporter;
    this.timing = timing;
    this.beat = lease.beat().toNanos();
    this.listener = listener;
    this.lastWord = System.nanoTime();
    this.nextWord = lastWord + beat;
  }

  synchronized void began() {
    running = true;
    began = System.nanoTime();
    nextWord = Math.min(nextWord, began + timing.firstWord().toNanos());
  }

  /** The handler has ended: from here only heartbeats. */
  synchronized void ended() {
    running = false;
  }

  /** What is null stays as it was. */
  synchronized void progress(
      @Nullable Integer newPercent, @Nullable String newStage, @Nullable String newMessage) {
    percent = newPercent == null ? percent : newPercent;
    stage = newStage == null ? stage : newStage;
    message = newMessage == null ? message : newMessage;
    unsaid = true;
  }

  /** Says what is due. */
  void tick(long now) {
    ReportItem start = null;
    ReportItem word = null;
    synchronized (this) {
      if (inFlight > 0 || (now - nextWord < 0 && !progressDue(now))) {
        return;
      }
      lastWord = now;
      nextWord = now + beat;
      if (running && !startTaken) {
        start = items.started();
      }
      if (running && unsaid) {
        unsaid = false;
        word = items.progress(percent, stage, message);
      } else if (start == null) {
        word = items.heartbeat();
      }
      inFlight = (start == null ? 0 : 1) + (word == null ? 0 : 1);
    }
    if (start != null) {
      say(start);
    }
    if (word != null) {
      say(word);
    }
  }

  private boolean progressDue(long now) {
    return running
        && unsaid
        && now - began >= timing.firstWord().toNanos()
        && now - lastWord >= timing.progressGap().toNanos();
  }

  private void say(ReportItem word) {
    reporter.sendOnce(word, answer -> heard(word, answer));
  }

  private void heard(ReportItem word, @Nullable ReportAnswer answer) {
    boolean decided = answer != null && !answer.again();
    synchronized (this) {
      inFlight--;
      if (!decided) {
        nextWord = Math.min(nextWord, System.nanoTime() + AFTER_FAILURE);
        unsaid |= word instanceof ReportItem.Progress;
      } else if (word instanceof ReportItem.Started) {
        startTaken |= answer != null && answer.taken();
      }
    }
    if (decided && answer != null) {
      listener.accept(answer);
    }
  }
}

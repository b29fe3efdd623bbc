package dev.docket.worker;

import dev.docket.wire.ReportAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims that are not decided yet. A message is acknowledged when the server has decided its
 * claim; one whose claim stays undecided for too long is handed back. A claim that is in flight
 * when its session with the broker ends is worked on if it is granted, but not sent again. All on
 * the loop's thread.
 */
final class Claims {

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final WorkerSettings settings;
  private final BrokerLoop loop;
  private final Reporter reporter;
  private final WorkerSlots slots;
  private final Runs runs;
  private final Set<Pending> undecided = new HashSet<>();
  private volatile boolean stopping;

  Claims(
      WorkerSettings settings, BrokerLoop loop, Reporter reporter, WorkerSlots slots, Runs runs) {
    this.settings = settings;
    this.loop = loop;
    this.reporter = reporter;
    this.slots = slots;
    this.runs = runs;
  }

  /** Claims under an id made for this delivery. The caller's place goes with it. */
  void claim(ClaimCandidate candidate) {
    Pending claim = new Pending(candidate, UUID.randomUUID().toString());
    undecided.add(claim);
    RunItems items = new RunItems(settings.name(), candidate.run(), claim.id);
    reporter.send(items.claim(), claim::isWanted, answer -> loop.act(() -> decided(claim, answer)));
  }

  private void decided(Pending claim, @Nullable ReportAnswer answer) throws IOException {
    undecided.remove(claim);
    if (answer != null && answer.taken()) {
      granted(claim, answer);
    } else {
      LOG.debug("{} is not for us: {}", claim.candidate.run(), answer);
      slots.release(1);
    }
    BrokerSession.Delivery delivery = claim.candidate.delivery();
    if (!delivery.session().isOpen()) {
      return;
    }
    if (answer == null) {
      delivery.handBack();
    } else {
      delivery.acknowledge();
    }
  }

  private void granted(Pending claim, ReportAnswer answer) {
    ClaimCandidate candidate = claim.candidate;
    Task task = candidate.task();
    if (task == null) {
      LOG.error("the message of {} cannot be read: {}", candidate.run(), candidate.flaw());
      runs.refuse(
          candidate.run(), claim.id, "the worker cannot read its message: " + candidate.flaw());
      return;
    }
    int seconds = answer.leaseSeconds() == null ? 0 : answer.leaseSeconds();
    long limit = answer.timeoutSeconds() == null ? 0 : answer.timeoutSeconds();
    runs.begin(Lease.of(candidate.run(), claim.id, seconds), task.within(limit));
  }

  /** Gives up what has been undecided for too long. */
  void tick(long now) {
    Duration limit = settings.timing().claimLimit();
    undecided.stream()
        .filter(claim -> now - claim.candidate.arrived() > limit.toNanos())
        .forEach(claim -> claim.givenUp = true);
    sweep();
  }

  /** Sends none again. May be called on any thread. */
  void stop() {
    stopping = true;
    sweep();
  }

  /** Lets go of those whose session has ended. */
  void sweep() {
    reporter.sweep();
  }

  private final class Pending {
    private final ClaimCandidate candidate;
    private final String id;
    private volatile boolean givenUp;

    private Pending(ClaimCandidate candidate, String id) {
      this.candidate = candidate;
      this.id = id;
    }

    /** Asked on the reporter's thread too. */
    private boolean isWanted() {
      return !givenUp && !stopping && candidate.delivery().session().isOpen();
    }
  }
}

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

  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  private final WorkerSettings settings;
  private final BrokerLoop loop;
  private final Reporter reporter;
  private final Places places;
  private final Runs runs;
  private final Set<Pending> undecided = new HashSet<>();
  private volatile boolean stopping;

  Claims(WorkerSettings settings, BrokerLoop loop, Reporter reporter, Places places, Runs runs) {
    this.settings = settings;
    this.loop = loop;
    this.reporter = reporter;
    this.places = places;
    this.runs = runs;
  }

  /** Claims under an id made for this delivery. The caller's place goes with it. */
  void claim(Offer offer) {
    Pending claim = new Pending(offer, UUID.randomUUID().toString());
    undecided.add(claim);
    RunItems items = new RunItems(settings.name(), offer.run(), claim.id);
    reporter.send(items.claim(), claim::isWanted, answer -> loop.act(() -> decided(claim, answer)));
  }

  private void decided(Pending claim, @Nullable ReportAnswer answer) throws IOException {
    undecided.remove(claim);
    if (answer != null && answer.taken()) {
      granted(claim, answer);
    } else {
      log.debug("{} is not for us: {}", claim.offer.run(), answer);
      places.release(1);
    }
    BrokerSession.Delivery delivery = claim.offer.delivery();
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
    Offer offer = claim.offer;
    Task task = offer.task();
    if (task == null) {
      log.error("the message of {} cannot be read: {}", offer.run(), offer.flaw());
      runs.refuse(offer.run(), claim.id, "the worker cannot read its message: " + offer.flaw());
      return;
    }
    int seconds = answer.leaseSeconds() == null ? 0 : answer.leaseSeconds();
    long limit = answer.timeoutSeconds() == null ? 0 : answer.timeoutSeconds();
    runs.begin(Lease.of(offer.run(), claim.id, seconds), task.within(limit));
  }

  /** Gives up what has been undecided for too long. */
  void tick(long now) {
    Duration limit = settings.timing().claimLimit();
    undecided.stream()
        .filter(claim -> now - claim.offer.arrived() > limit.toNanos())
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
    private final Offer offer;
    private final String id;
    private volatile boolean givenUp;

    private Pending(Offer offer, String id) {
      this.offer = offer;
      this.id = id;
    }

    /** Asked on the reporter's thread too. */
    private boolean isWanted() {
      return !givenUp && !stopping && offer.delivery().session().isOpen();
    }
  }
}

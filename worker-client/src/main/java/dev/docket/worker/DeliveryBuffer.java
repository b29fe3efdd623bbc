package dev.docket.worker;

import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one session that are delivered and not claimed yet, and whether more may come.
 *
 * <p>A claim takes one of the {@link WorkerSlots}; what is delivered beyond them waits in hand, the
 * most urgent first, or goes back. Which of both depends on how soon a place is expected:
 *
 * <ul>
 *   <li>Soon (short tasks): each queue may hand out as many as there are places, and consuming goes
 *       on while all are taken. What is still in hand after {@link WorkerTimeouts#hold} goes back.
 *   <li>Later, or not known (long tasks): each queue hands out one at a time, and with the last
 *       place taken the consumers are cancelled, before that claim's message is acknowledged, so
 *       that no other comes. What came from the other queues goes back at once.
 * </ul>
 *
 * <p>Consuming begins again when a place becomes free. So a long task hoards nothing, and short
 * ones do not wait for the broker. Within a queue the broker keeps the order of priorities, between
 * queues it is kept among what is in hand. All on the loop's thread.
 */
final class DeliveryBuffer {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryBuffer.class);

  private final BrokerSession session;
  private final BrokerLoop loop;
  private final WorkerTimeouts timing;
  private final WorkerSlots slots;
  private final Claims claims;
  private final Runs runs;
  private final PriorityQueue<ClaimCandidate> offers = new PriorityQueue<>();
  private boolean consuming;
  private boolean stopped;
  private int prefetch;
  private long settleUntil = System.nanoTime();
  private long renewed = System.nanoTime();

  DeliveryBuffer(
      BrokerSession session,
      BrokerLoop loop,
      WorkerTimeouts timing,
      WorkerSlots slots,
      Claims claims,
      Runs runs) {
    this.session = session;
    this.loop = loop;
    this.timing = timing;
    this.slots = slots;
    this.claims = claims;
    this.runs = runs;
  }

  BrokerSession session() {
    return session;
  }

  /** A message that names no run is none of Docket's, and dropped. */
  void take(BrokerSession.Delivery delivery) throws IOException {
    String correlation = delivery.properties().getCorrelationId();
    RunId run = correlation == null ? null : RunId.parse(correlation).orElse(null);
    if (run == null) {
      LOG.error("a message that is not Docket's was dropped: {}", delivery.properties());
      delivery.reject();
    } else {
      offers.add(ClaimCandidate.of(delivery, run, runs));
      pump();
    }
  }

  /** Claims what there is a place for, and consumes or not. */
  void pump() throws IOException {
    if (stopped) {
      pause();
      return;
    }
    if (!consuming && offers.isEmpty() && slots.free() > 0) {
      settleUntil = System.nanoTime() + timing.settle().toNanos();
      consume();
      loop.later(timing.settle(), this::pumpIfOpen);
    }
    if (!settled()) {
      return;
    }
    while (!offers.isEmpty() && slots.tryTake()) {
      claims.claim(offers.remove());
    }
    if (slots.free() == 0 && !(consuming && slots.freeWithin(timing.hold()))) {
      pause();
    }
  }

  private void pumpIfOpen() throws IOException {
    if (session.isOpen()) {
      pump();
    }
  }

  /** Whether each queue had its chance, so that the choice is between all of them. */
  private boolean settled() {
    return session.queues() == 1
        || System.nanoTime() - settleUntil >= 0
        || offers.stream().map(candidate -> candidate.delivery().intake()).distinct().count()
            == session.queues();
  }

  private void consume() throws IOException {
    prefetch = wantedPrefetch();
    session.consume(prefetch);
    consuming = true;
  }

  private int wantedPrefetch() {
    return slots.freeWithin(timing.hold()) ? slots.window() : 1;
  }

  /** Hands back what is in hand, and lets nothing more come. */
  private void pause() throws IOException {
    if (consuming) {
      consuming = false;
      session.cancel();
    }
    while (!offers.isEmpty()) {
      offers.remove().delivery().handBack();
    }
  }

  void stop() throws IOException {
    stopped = true;
    pause();
  }

  void tick(long now) throws IOException {
    if (stopped) {
      return;
    }
    if (now - renewed > timing.renewal().toNanos()) {
      renew();
    }
    if (offers.stream()
        .anyMatch(candidate -> now - candidate.arrived() > timing.hold().toNanos())) {
      pause();
    } else if (consuming && isFarFrom(wantedPrefetch())) {
      session.cancel();
      consume();
    }
    pump();
  }

  private boolean isFarFrom(int wanted) {
    return wanted >= prefetch * 2 || wanted * 2 <= prefetch;
  }

  /** Mends what was deleted on the broker, which not every broker announces. */
  void renew() throws IOException {
    renewed = System.nanoTime();
    session.declare();
    if (consuming) {
      session.cancel();
      consume();
    }
  }
}

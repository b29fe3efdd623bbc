package dev.docket.worker;

import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buffers the delivered, unclaimed messages of one session and controls the consumers.
 *
 * <p>A claim occupies one of the {@link WorkerSlots}. Messages beyond the free slots wait in the
 * buffer, the most urgent first, or are requeued. Which of the two depends on how soon a slot is
 * expected to become free:
 *
 * <ul>
 *   <li>Soon (short tasks): the prefetch of each queue is the number of slots, and the consumers
 *       stay active while all slots are used. Messages that are still in the buffer after {@link
 *       WorkerTimeouts#holdTimeout} are requeued.
 *   <li>Later or unknown (long tasks): the prefetch of each queue is 1. When the last slot is used,
 *       the consumers are cancelled before the message of that claim is acknowledged, so that no
 *       further message arrives. Messages of the other queues are requeued immediately.
 * </ul>
 *
 * <p>Consumers start again when a slot becomes free. A worker with a long task therefore holds no
 * messages that another worker could run, and short tasks do not wait for the broker. The broker
 * keeps the order of priorities within a queue; the buffer keeps it between queues, among the
 * buffered messages. All methods run on the loop's thread.
 */
final class DeliveryBuffer {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryBuffer.class);

  private final BrokerSession session;
  private final BrokerLoop loop;
  private final WorkerTimeouts timeouts;
  private final WorkerSlots slots;
  private final Claims claims;
  private final Runs runs;
  private final PriorityQueue<ClaimCandidate> candidates = new PriorityQueue<>();
  private boolean consuming;
  private boolean stopped;
  private int prefetch;
  private long selectAt = System.nanoTime();
  private long redeclaredAt = System.nanoTime();

  DeliveryBuffer(
      BrokerSession session,
      BrokerLoop loop,
      WorkerTimeouts timeouts,
      WorkerSlots slots,
      Claims claims,
      Runs runs) {
    this.session = session;
    this.loop = loop;
    this.timeouts = timeouts;
    this.slots = slots;
    this.claims = claims;
    this.runs = runs;
  }

  BrokerSession session() {
    return session;
  }

  /** Adds a message. A message that names no run is not from Docket and is rejected. */
  void add(BrokerSession.Delivery delivery) throws IOException {
    String correlation = delivery.properties().getCorrelationId();
    RunId run = correlation == null ? null : RunId.parse(correlation).orElse(null);
    if (run == null) {
      LOG.error("Rejecting a message whose correlation id is not a Docket run: {}", correlation);
      delivery.reject();
    } else {
      candidates.add(ClaimCandidate.of(delivery, run, runs));
      pump();
    }
  }

  /** Claims as many messages as there are free slots, and starts or cancels the consumers. */
  void pump() throws IOException {
    if (stopped) {
      pause();
      return;
    }
    if (!consuming && candidates.isEmpty() && slots.free() > 0) {
      selectAt = System.nanoTime() + timeouts.selectionDelay().toNanos();
      consume();
      loop.schedule(timeouts.selectionDelay(), this::pumpIfOpen);
    }
    if (!readyToSelect()) {
      return;
    }
    while (!candidates.isEmpty() && slots.tryAcquire()) {
      claims.claim(candidates.remove());
    }
    if (slots.free() == 0 && !(consuming && slots.expectsFreeSlotWithin(timeouts.holdTimeout()))) {
      pause();
    }
  }

  private void pumpIfOpen() throws IOException {
    if (session.isOpen()) {
      pump();
    }
  }

  /** Whether each queue had time to deliver, so that the choice is between all queues. */
  private boolean readyToSelect() {
    return session.queueCount() == 1
        || System.nanoTime() - selectAt >= 0
        || candidates.stream().map(candidate -> candidate.delivery().consumer()).distinct().count()
            == session.queueCount();
  }

  private void consume() throws IOException {
    prefetch = targetPrefetch();
    session.consume(prefetch);
    consuming = true;
  }

  private int targetPrefetch() {
    return slots.expectsFreeSlotWithin(timeouts.holdTimeout()) ? slots.capacity() : 1;
  }

  /** Cancels the consumers and requeues all buffered messages. */
  private void pause() throws IOException {
    if (consuming) {
      consuming = false;
      session.cancel();
    }
    while (!candidates.isEmpty()) {
      candidates.remove().delivery().requeue();
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
    if (now - redeclaredAt > timeouts.redeclareInterval().toNanos()) {
      redeclare();
    }
    if (candidates.stream()
        .anyMatch(candidate -> now - candidate.arrivedAt() > timeouts.holdTimeout().toNanos())) {
      pause();
    } else if (consuming && differsTwofold(targetPrefetch())) {
      session.cancel();
      consume();
    }
    pump();
  }

  private boolean differsTwofold(int target) {
    return target >= prefetch * 2 || target * 2 <= prefetch;
  }

  /**
   * Declares queues and bindings again and restarts the consumers, because they may have been
   * deleted on the broker. Not every broker announces that.
   */
  void redeclare() throws IOException {
    redeclaredAt = System.nanoTime();
    session.declare();
    if (consuming) {
      session.cancel();
      consume();
    }
  }
}

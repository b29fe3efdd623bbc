package dev.docket.rabbit.publish;

import dev.docket.broker.TaskCourier.Sent;
import dev.docket.rabbit.connection.NamedThreads;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders what became of their messages, on a thread of its own: they may take their time.
 */
final class Outcomes {

  private static final Logger log = LoggerFactory.getLogger(Outcomes.class);

  private final Unconfirmed unconfirmed;
  private final ExecutorService teller =
      Executors.newSingleThreadExecutor(new NamedThreads("outcomes"));

  Outcomes(Unconfirmed unconfirmed) {
    this.unconfirmed = unconfirmed;
  }

  /** All of them have an outcome. */
  void tell(Collection<Shipment> decided) {
    for (Shipment shipment : decided) {
      try {
        teller.execute(() -> tell(shipment));
      } catch (RejectedExecutionException stopping) {
        tell(shipment);
      }
    }
  }

  private void tell(Shipment shipment) {
    Sent outcome = shipment.outcome();
    try {
      shipment.answer().complete(outcome == null ? Sent.NOT_NOW : outcome);
    } finally {
      unconfirmed.told(shipment);
    }
  }

  /** Waits a little until all have been told. */
  void stop(Duration limit) {
    teller.shutdown();
    try {
      if (!teller.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("whoever hears of the last messages' outcomes takes long");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.docket.rabbit.consume;

import dev.docket.broker.ReplyHandler;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.rabbit.connection.Backoff;
import dev.docket.rabbit.connection.SerialExecutor;
import dev.docket.rabbit.consume.ReplyConsumer.Delivery;
import dev.docket.rabbit.publish.DeadLetters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers each answer until its fate is certain, and acknowledges it then. One that cannot be stored
 * now is offered again, after pauses that grow, and holds up no other; one that nobody can read is
 * kept aside first. Belongs to the thread of the answers.
 */
final class ReplyAcknowledger {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyAcknowledger.class);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final int MAX_SHOWN_LENGTH = 255;

  private final SerialExecutor loop;
  private final ReplyHandler answers;
  private final DeadLetters deadLetters;
  private final Runnable declareAgain;

  /** With what to do when the dead-letter queue has been deleted. */
  ReplyAcknowledger(
      SerialExecutor loop, ReplyHandler answers, DeadLetters deadLetters, Runnable declareAgain) {
    this.loop = loop;
    this.answers = answers;
    this.deadLetters = deadLetters;
    this.declareAgain = declareAgain;
  }

  void offer(Delivery delivery) {
    if (!delivery.inHand()) {
      return;
    }
    CompletionStage<ReplyHandler.AckDecision> decision;
    try {
      decision = answers.take(delivery.correlationId(), delivery.body());
    } catch (RuntimeException bug) {
      decision = CompletableFuture.failedStage(bug);
    }
    decision.whenComplete((known, bug) -> loop.run(() -> decide(delivery, known, bug)));
  }

  private void decide(
      Delivery delivery, ReplyHandler.@Nullable AckDecision decision, @Nullable Throwable bug) {
    if (decision == null) {
      LOG.error("cannot tell what became of the answer {}", delivery.correlationId(), bug);
      decision = ReplyHandler.AckDecision.NOT_NOW;
    }
    switch (decision) {
      case DONE -> delivery.acknowledge();
      case NOT_NOW -> again(delivery, () -> offer(delivery));
      case UNREADABLE -> {
        LOG.warn(
            "nobody can read an answer of {} bytes with correlation id '{}': it is kept aside",
            delivery.body().length,
            printable(delivery.correlationId()));
        keepAside(delivery);
      }
    }
  }

  /** Anyone may write anything there. */
  private static String printable(String text) {
    String start =
        text.length() > MAX_SHOWN_LENGTH ? text.substring(0, MAX_SHOWN_LENGTH) + "…" : text;
    return start.replaceAll("[^\\x20-\\x7e…]", "?");
  }

  private void keepAside(Delivery delivery) {
    if (!delivery.inHand()) {
      return;
    }
    deadLetters
        .keep(delivery.properties(), delivery.body(), "unreadable answer")
        .whenComplete((sent, bug) -> loop.run(() -> keptAside(delivery, sent)));
  }

  private void keptAside(Delivery delivery, @Nullable Sent sent) {
    if (sent == Sent.CONFIRMED) {
      delivery.acknowledge();
      return;
    }
    if (sent == Sent.UNROUTABLE) {
      declareAgain.run();
    }
    again(delivery, () -> keepAside(delivery));
  }

  private void again(Delivery delivery, Runnable step) {
    loop.later(Backoff.pause(delivery.failed(), INITIAL_BACKOFF, MAX_BACKOFF), step);
  }
}

package dev.docket.rabbit.consume;

import dev.docket.broker.ReplyHandler;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.concurrent.Backoff;
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
 * Passes each reply to the {@link ReplyHandler} until its decision is final, then acknowledges the
 * message. A reply that cannot be stored now is handled again with backoff, and does not delay
 * others. An unreadable reply is published to the dead-letter queue before it is acknowledged.
 * Confined to the thread of {@link RabbitReplies}.
 */
final class ReplyAcknowledger {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyAcknowledger.class);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final int MAX_LOGGED_LENGTH = 255;

  private final SerialExecutor executor;
  private final ReplyHandler handler;
  private final DeadLetters deadLetters;
  private final Runnable declareTopology;

  /**
   * Creates the acknowledger.
   *
   * @param declareTopology called if the dead-letter queue has been deleted
   */
  ReplyAcknowledger(
      SerialExecutor executor,
      ReplyHandler handler,
      DeadLetters deadLetters,
      Runnable declareTopology) {
    this.executor = executor;
    this.handler = handler;
    this.deadLetters = deadLetters;
    this.declareTopology = declareTopology;
  }

  void handle(Delivery delivery) {
    if (!delivery.canBeAcknowledged()) {
      return;
    }
    CompletionStage<ReplyHandler.AckDecision> decision;
    try {
      decision = handler.handle(delivery.correlationId(), delivery.body());
    } catch (RuntimeException e) {
      decision = CompletableFuture.failedStage(e);
    }
    decision.whenComplete(
        (decided, failure) -> executor.execute(() -> apply(delivery, decided, failure)));
  }

  private void apply(
      Delivery delivery, ReplyHandler.@Nullable AckDecision decision, @Nullable Throwable failure) {
    if (decision == null) {
      LOG.error(
          "Handling the reply with correlation id '{}' failed; it will be handled again",
          printable(delivery.correlationId()),
          failure);
      decision = ReplyHandler.AckDecision.RETRY_LATER;
    }
    switch (decision) {
      case ACKNOWLEDGE -> delivery.acknowledge();
      case RETRY_LATER -> retryLater(delivery, () -> handle(delivery));
      case DEAD_LETTER -> {
        LOG.warn(
            "Received an unreadable reply of {} bytes with correlation id '{}';"
                + " moving it to the dead-letter queue",
            delivery.body().length,
            printable(delivery.correlationId()));
        deadLetter(delivery);
      }
    }
  }

  /** Makes an untrusted correlation id safe for the log. */
  private static String printable(String text) {
    String start =
        text.length() > MAX_LOGGED_LENGTH ? text.substring(0, MAX_LOGGED_LENGTH) + "…" : text;
    return start.replaceAll("[^\\x20-\\x7e…]", "?");
  }

  private void deadLetter(Delivery delivery) {
    if (!delivery.canBeAcknowledged()) {
      return;
    }
    deadLetters
        .publish(delivery.properties(), delivery.body(), "unreadable reply")
        .whenComplete(
            (outcome, failure) -> executor.execute(() -> onDeadLettered(delivery, outcome)));
  }

  private void onDeadLettered(Delivery delivery, @Nullable PublishOutcome outcome) {
    if (outcome == PublishOutcome.CONFIRMED) {
      delivery.acknowledge();
      return;
    }
    if (outcome == PublishOutcome.UNROUTABLE) {
      declareTopology.run();
    }
    retryLater(delivery, () -> deadLetter(delivery));
  }

  private void retryLater(Delivery delivery, Runnable step) {
    executor.schedule(Backoff.delay(delivery.countFailure(), INITIAL_BACKOFF, MAX_BACKOFF), step);
  }
}

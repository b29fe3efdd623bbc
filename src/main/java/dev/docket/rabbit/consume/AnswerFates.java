package dev.docket.rabbit.consume;

import dev.docket.broker.Answers;
import dev.docket.broker.TaskCourier.Sent;
import dev.docket.rabbit.connection.Backoff;
import dev.docket.rabbit.connection.Loop;
import dev.docket.rabbit.consume.AnswerSession.Delivery;
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
final class AnswerFates {

  private static final Logger log = LoggerFactory.getLogger(AnswerFates.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int LONGEST_SHOWN = 255;

  private final Loop loop;
  private final Answers answers;
  private final DeadLetters deadLetters;
  private final Runnable declareAgain;

  /** With what to do when the dead-letter queue has been deleted. */
  AnswerFates(Loop loop, Answers answers, DeadLetters deadLetters, Runnable declareAgain) {
    this.loop = loop;
    this.answers = answers;
    this.deadLetters = deadLetters;
    this.declareAgain = declareAgain;
  }

  void offer(Delivery delivery) {
    if (!delivery.inHand()) {
      return;
    }
    CompletionStage<Answers.Fate> fate;
    try {
      fate = answers.take(delivery.correlationId(), delivery.body());
    } catch (RuntimeException bug) {
      fate = CompletableFuture.failedStage(bug);
    }
    fate.whenComplete((known, bug) -> loop.run(() -> decide(delivery, known, bug)));
  }

  private void decide(Delivery delivery, Answers.@Nullable Fate fate, @Nullable Throwable bug) {
    if (fate == null) {
      log.error("cannot tell what became of the answer {}", delivery.correlationId(), bug);
      fate = Answers.Fate.NOT_NOW;
    }
    switch (fate) {
      case DONE -> delivery.acknowledge();
      case NOT_NOW -> again(delivery, () -> offer(delivery));
      case UNREADABLE -> {
        log.warn(
            "nobody can read an answer of {} bytes with correlation id '{}': it is kept aside",
            delivery.body().length,
            printable(delivery.correlationId()));
        keepAside(delivery);
      }
    }
  }

  /** Anyone may write anything there. */
  private static String printable(String text) {
    String start = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
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
    loop.later(Backoff.pause(delivery.failed(), FIRST_PAUSE, LONGEST_PAUSE), step);
  }
}

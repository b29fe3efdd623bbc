package dev.docket.rabbit.publish;

import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message that is accepted for publishing, with its outcome. Mutable fields are guarded by the
 * lock of {@link UnconfirmedMessages}.
 */
final class UnconfirmedMessage {

  private final OutboundMessage message;
  private final String id;
  private final CompletableFuture<PublishOutcome> future = new CompletableFuture<>();
  private long deadline;
  private int closures;
  private boolean rejected;
  private @Nullable PublishOutcome outcome;

  /**
   * Accepts a message.
   *
   * @param id sent as its {@code message_id}, by which the broker's return is recognized; unique
   */
  UnconfirmedMessage(OutboundMessage message, String id) {
    this.message = message;
    this.id = id;
  }

  OutboundMessage message() {
    return message;
  }

  String id() {
    return id;
  }

  Destination destination() {
    return message.destination();
  }

  int size() {
    return message.body().length;
  }

  /** Completes with the outcome, on the completion thread of {@link ConfirmedPublisher}. */
  CompletableFuture<PublishOutcome> future() {
    return future;
  }

  /** In terms of {@link System#nanoTime}. */
  long deadline() {
    return deadline;
  }

  /** Sets the deadline of a message that was just accepted. */
  void startDeadline(long nanos) {
    deadline = nanos;
  }

  /** Moves the deadline to this earlier time; a later time has no effect. */
  void shortenDeadline(long nanos) {
    if (nanos - deadline < 0) {
      deadline = nanos;
    }
  }

  /** Counts how many channels the broker closed while this message was unconfirmed on them. */
  int countClosure() {
    return ++closures;
  }

  /** Marks the message as rejected by the broker. */
  void reject() {
    rejected = true;
  }

  /** Whether the broker rejected the message; it may have returned it nevertheless. */
  boolean isRejected() {
    return rejected;
  }

  @Nullable PublishOutcome outcome() {
    return outcome;
  }

  void decide(PublishOutcome decided) {
    outcome = decided;
  }
}

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

  final OutboundMessage message;

  /** Sent as its {@code message_id}, by which the broker's return is recognized; unique. */
  final String id;

  /** Completes with the outcome, on the completion thread of {@link ConfirmedPublisher}. */
  final CompletableFuture<PublishOutcome> future = new CompletableFuture<>();

  /** In terms of {@link System#nanoTime}. */
  long deadline;

  /** How many channels the broker closed while this message was unconfirmed on them. */
  int closures;

  /** Whether the broker rejected the message; it may have returned it nevertheless. */
  boolean rejected;

  @Nullable PublishOutcome outcome;

  UnconfirmedMessage(OutboundMessage message, String id) {
    this.message = message;
    this.id = id;
  }

  Destination destination() {
    return message.destination();
  }

  int size() {
    return message.body().length;
  }

  /** Moves the deadline to this earlier time; a later time has no effect. */
  void shortenDeadline(long nanos) {
    if (nanos - deadline < 0) {
      deadline = nanos;
    }
  }
}

package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message to publish, with its outcome. Its {@code message_id} is unique. Mutable fields are
 * guarded by the lock of {@link UnconfirmedMessages}.
 */
final class OutboundMessage {

  private final String exchange;
  private final String routingKey;
  private final AMQP.BasicProperties properties;
  private final byte[] body;
  private final CompletableFuture<PublishOutcome> future = new CompletableFuture<>();
  private long deadline;
  private int closures;
  private boolean rejected;
  private @Nullable PublishOutcome outcome;

  OutboundMessage(
      String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body) {
    Objects.requireNonNull(properties.getMessageId(), "message_id");
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.properties = properties;
    this.body = body;
  }

  String id() {
    return properties.getMessageId();
  }

  String exchange() {
    return exchange;
  }

  String routingKey() {
    return routingKey;
  }

  AMQP.BasicProperties properties() {
    return properties;
  }

  byte[] body() {
    return body;
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

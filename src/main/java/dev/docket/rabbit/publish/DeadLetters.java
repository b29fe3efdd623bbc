package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.rabbit.connection.RabbitTopology;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Publishes unreadable messages to the dead-letter queue, with the reason in the header {@value
 * #REASON_HEADER}.
 */
public final class DeadLetters {

  static final String REASON_HEADER = "x-docket-reason";
  private static final boolean PERSISTENT = true;

  private final RabbitTopology topology;
  private final ConfirmedPublisher publisher;

  public DeadLetters(RabbitTopology topology, ConfirmedPublisher publisher) {
    this.topology = topology;
    this.publisher = publisher;
  }

  /** Publishes a copy of the message; it is unroutable if the dead-letter queue was deleted. */
  public CompletionStage<PublishOutcome> publish(
      AMQP.BasicProperties original, byte[] body, String reason) {
    Map<String, Object> headers = new HashMap<>();
    if (original.getHeaders() != null) {
      headers.putAll(original.getHeaders());
    }
    headers.put(REASON_HEADER, reason);
    // The sender's user id and the expiration of the original do not apply to the copy.
    OutboundMessage.Properties properties =
        new OutboundMessage.Properties(
            original.getContentType(),
            original.getContentEncoding(),
            headers,
            PERSISTENT,
            original.getPriority(),
            original.getCorrelationId(),
            original.getReplyTo(),
            original.getTimestamp() == null ? null : original.getTimestamp().toInstant(),
            original.getType(),
            original.getAppId());
    return publisher.publish(
        new OutboundMessage(new Destination("", topology.deadLetterQueue()), properties, body));
  }
}

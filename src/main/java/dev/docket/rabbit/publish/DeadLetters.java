package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.rabbit.connection.RabbitTopology;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Keeps messages that nobody can read, with the reason in the header {@value #REASON}. */
public final class DeadLetters {

  static final String REASON = "x-docket-reason";
  private static final int PERSISTENT = 2;

  private final RabbitTopology topology;
  private final ConfirmedPublisher sender;

  public DeadLetters(RabbitTopology topology, ConfirmedPublisher sender) {
    this.topology = topology;
    this.sender = sender;
  }

  /** Kept if confirmed; unroutable if somebody has deleted the queue. */
  public CompletionStage<Sent> keep(AMQP.BasicProperties of, byte[] body, String reason) {
    Map<String, Object> headers = new HashMap<>();
    if (of.getHeaders() != null) {
      headers.putAll(of.getHeaders());
    }
    headers.put(REASON, reason);
    // Who sent it, and how long it was worth keeping, do not hold for the copy.
    AMQP.BasicProperties properties =
        of.builder()
            .headers(headers)
            .deliveryMode(PERSISTENT)
            .messageId(UUID.randomUUID().toString())
            .expiration(null)
            .userId(null)
            .build();
    return sender.send(new OutboundMessage("", topology.deadLetters(), properties, body));
  }
}

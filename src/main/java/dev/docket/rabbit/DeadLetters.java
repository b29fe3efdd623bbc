package dev.docket.rabbit;

import com.rabbitmq.client.AMQP;
import dev.docket.task.TaskCourier.Sent;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Keeps messages that nobody can read, with the reason in the header {@value #REASON}. */
final class DeadLetters {

  static final String REASON = "x-docket-reason";
  private static final int PERSISTENT = 2;

  private final RabbitTopology topology;
  private final RabbitSender sender;

  DeadLetters(RabbitTopology topology, RabbitSender sender) {
    this.topology = topology;
    this.sender = sender;
  }

  /** Kept if confirmed; unroutable if somebody has deleted the queue. */
  CompletionStage<Sent> keep(AMQP.BasicProperties of, byte[] body, String reason) {
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
    return sender.send(new Parcel("", topology.deadLetters(), properties, body));
  }
}

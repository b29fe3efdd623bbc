package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import dev.docket.broker.TaskPublisher;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.time.Clock;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes tasks to the exchange of their worker protocol. Messages are persistent and mandatory,
 * and published with confirms. The outcome {@code CONFIRMED} means that the message is in a queue.
 * A message may be published more than once, for the same run.
 */
public final class RabbitTaskPublisher implements TaskPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitTaskPublisher.class);
  private static final int PERSISTENT = 2;

  private final WorkerProtocols protocols;
  private final RabbitTopology topology;
  private final ConfirmedPublisher publisher;
  private final Clock clock;

  public RabbitTaskPublisher(
      WorkerProtocols protocols,
      RabbitTopology topology,
      ConfirmedPublisher publisher,
      Clock clock) {
    this.protocols = protocols;
    this.topology = topology;
    this.publisher = publisher;
    this.clock = clock;
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Task task) {
    if (!publisher.ready()) {
      return CompletableFuture.completedStage(PublishOutcome.NOT_NOW);
    }
    OutboundMessage message;
    try {
      message = message(task);
    } catch (RuntimeException e) {
      // For example, the task's worker protocol is no longer configured. The server retries until
      // an operator fixes the configuration.
      LOG.error("Cannot create the message of task {}; retrying later", task.id(), e);
      return CompletableFuture.completedStage(PublishOutcome.NOT_NOW);
    }
    return publisher.publish(message);
  }

  @Override
  public boolean ready() {
    return publisher.ready();
  }

  /** The number of messages that the broker has not confirmed yet. */
  public int unconfirmed() {
    return publisher.unconfirmed();
  }

  private OutboundMessage message(Task task) {
    WorkerProtocol protocol = protocols.get(task.spec().protocol());
    return new OutboundMessage(
        topology.exchange(protocol),
        Route.of(task).toString(),
        properties(task),
        protocol.body(task));
  }

  private AMQP.BasicProperties properties(Task task) {
    RunId run = new RunId(task.id().value(), task.run().attempt(), task.run().token());
    return new AMQP.BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .priority(task.spec().priority())
        .contentType("application/json")
        .contentEncoding("utf-8")
        .replyTo(topology.responseQueue())
        .correlationId(run.toString())
        .messageId(UUID.randomUUID().toString())
        .timestamp(Date.from(clock.instant()))
        .headers(Map.of("traceparent", traceparent()))
        .build();
  }

  /** A new trace in the format of W3C Trace Context: version, trace id, span id, sampled flag. */
  private static String traceparent() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] traceId = new byte[16];
    byte[] spanId = new byte[8];
    random.nextBytes(traceId);
    random.nextBytes(spanId);
    // Ids of zero are invalid.
    traceId[0] |= 1;
    spanId[0] |= 1;
    HexFormat hex = HexFormat.of();
    return "00-" + hex.formatHex(traceId) + "-" + hex.formatHex(spanId) + "-01";
  }
}

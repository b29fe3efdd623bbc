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
 * Sends tasks to their workers' exchange: persistent, mandatory, confirmed. What it says is {@code
 * CONFIRMED} is in a queue; a message may be sent twice, under the same run.
 */
public final class RabbitTaskPublisher implements TaskPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitTaskPublisher.class);
  private static final int PERSISTENT = 2;

  private final WorkerProtocols protocols;
  private final RabbitTopology topology;
  private final ConfirmedPublisher sender;
  private final Clock clock;

  public RabbitTaskPublisher(
      WorkerProtocols protocols, RabbitTopology topology, ConfirmedPublisher sender, Clock clock) {
    this.protocols = protocols;
    this.topology = topology;
    this.sender = sender;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Sent> publish(Task task) {
    if (!sender.ready()) {
      return CompletableFuture.completedStage(Sent.NOT_NOW);
    }
    OutboundMessage message;
    try {
      message = message(task);
    } catch (RuntimeException unsendable) {
      // As a courier that is no longer configured: somebody has to look, and then it goes.
      LOG.error("the message of task {} cannot be made", task.id(), unsendable);
      return CompletableFuture.completedStage(Sent.NOT_NOW);
    }
    return sender.send(message);
  }

  @Override
  public boolean ready() {
    return sender.ready();
  }

  /** How many messages the broker has not confirmed yet. */
  public int unconfirmed() {
    return sender.unconfirmed();
  }

  /** No kind of worker listens for it so far. */
  @Override
  public CompletionStage<Void> revoke(Task task) {
    return CompletableFuture.completedStage(null);
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
    RunId run = new RunId(task.id().value(), task.attempt(), task.run());
    return new AMQP.BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .priority(task.spec().priority())
        .contentType("application/json")
        .contentEncoding("utf-8")
        .replyTo(topology.responses())
        .correlationId(run.toString())
        .messageId(UUID.randomUUID().toString())
        .timestamp(Date.from(clock.instant()))
        .headers(Map.of("traceparent", traceparent()))
        .build();
  }

  /** The beginning of a trace, as W3C Trace Context writes it: version, trace, span, sampled. */
  private static String traceparent() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] trace = new byte[16];
    byte[] span = new byte[8];
    random.nextBytes(trace);
    random.nextBytes(span);
    // Zero is the one value that is not allowed.
    trace[0] |= 1;
    span[0] |= 1;
    HexFormat hex = HexFormat.of();
    return "00-" + hex.formatHex(trace) + "-" + hex.formatHex(span) + "-01";
  }
}

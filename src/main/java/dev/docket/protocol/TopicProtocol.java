package dev.docket.protocol;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A protocol whose workers bind queues to a topic exchange by target type and key. The exchanges,
 * the bodies and the replies differ.
 */
public abstract class TopicProtocol implements WorkerProtocol, Transport.Broker {

  private static final boolean PERSISTENT = true;

  private final String name;
  private final Policy.AckMode ackMode;
  private final BrokerNames names;
  private final Exchange exchange;

  /**
   * Creates the protocol.
   *
   * @param exchange the name of its exchange without the installation's prefix
   * @param durable whether the exchange survives a restart of the broker
   */
  protected TopicProtocol(
      String name, Policy.AckMode ackMode, BrokerNames names, String exchange, boolean durable) {
    this.name = name;
    this.ackMode = ackMode;
    this.names = names;
    this.exchange = new Exchange(names.of(exchange), durable);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Policy.AckMode ackMode() {
    return ackMode;
  }

  @Override
  public final Transport transport() {
    return this;
  }

  @Override
  public final List<Exchange> exchanges() {
    return List.of(exchange);
  }

  @Override
  public final Destination destination(Route route) {
    return new Destination(exchange.name(), route.toString());
  }

  /** None unless a protocol says otherwise: the workers declare their queues. */
  @Override
  public List<Queue> queues(Route route) {
    return List.of();
  }

  /** The body of the message of the task's current run. */
  protected byte[] body(Task task) {
    return MessageBody.bytes(task);
  }

  /** The message of the task's current run; its reply names the run. */
  @Override
  public final OutboundMessage message(Task task, Instant now) {
    return new OutboundMessage(
        destination(Route.of(task)),
        new OutboundMessage.Properties(
            "application/json",
            "utf-8",
            Map.of("traceparent", traceparent()),
            PERSISTENT,
            task.spec().priority(),
            new RunId(task.id().value(), task.run().attempt(), task.run().token()).toString(),
            names.replyQueue(),
            now,
            null,
            null),
        body(task));
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

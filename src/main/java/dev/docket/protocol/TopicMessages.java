package dev.docket.protocol;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The messages of Docket's and DANE's workers, which bind queues to a topic exchange by target type
 * and key. The exchanges and the bodies differ.
 */
public final class TopicMessages {

  private static final boolean PERSISTENT = true;

  private final BrokerNames names;
  private final Transport.Exchange exchange;

  /**
   * Creates the messages of an exchange.
   *
   * @param exchange its name without the installation's prefix
   * @param durable whether the exchange survives a restart of the broker
   */
  public TopicMessages(BrokerNames names, String exchange, boolean durable) {
    this.names = names;
    this.exchange = new Transport.Exchange(names.of(exchange), durable);
  }

  public List<Transport.Exchange> exchanges() {
    return List.of(exchange);
  }

  public Destination destination(Route route) {
    return new Destination(exchange.name(), route.toString());
  }

  /** The message of the task's current run; its reply names the run. */
  public OutboundMessage message(Task task, byte[] body, Instant now) {
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
        body);
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

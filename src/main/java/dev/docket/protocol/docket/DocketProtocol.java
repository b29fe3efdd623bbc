package dev.docket.protocol.docket;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.protocol.MessageBody;
import dev.docket.protocol.TopicMessages;
import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import dev.docket.wire.Topology;
import java.time.Instant;
import java.util.List;

/** The protocol of Docket's own workers. They report over HTTP only, never through the broker. */
public final class DocketProtocol implements WorkerProtocol, Transport.Broker {

  /** The name of this protocol in configurations and tasks. */
  public static final String NAME = "docket";

  private static final boolean DURABLE = true;

  private final BrokerNames names;
  private final TopicMessages messages;

  public DocketProtocol(BrokerNames names) {
    this.names = names;
    this.messages = new TopicMessages(names, Topology.EXCHANGE, DURABLE);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Policy.AckMode ackMode() {
    return Policy.AckMode.CLAIMS;
  }

  @Override
  public Transport transport() {
    return this;
  }

  @Override
  public List<Exchange> exchanges() {
    return messages.exchanges();
  }

  @Override
  public Destination destination(Route route) {
    return messages.destination(route);
  }

  @Override
  public List<Queue> queues(Route route) {
    return List.of(
        new Queue(
            Topology.queue(names.prefix(), route.key().value(), route.type().wire()),
            Topology.QUEUE_ARGUMENTS,
            destination(route)));
  }

  @Override
  public OutboundMessage message(Task task, Instant now) {
    return messages.message(task, MessageBody.bytes(task), now);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    throw new UnreadableReply("workers of protocol docket must report over HTTP");
  }
}

package dev.docket.protocol.docket;

import dev.docket.broker.BrokerNames;
import dev.docket.protocol.TopicProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import dev.docket.wire.Topology;
import java.util.List;

/** The protocol of Docket's own workers. They report over HTTP only, never through the broker. */
public final class DocketProtocol extends TopicProtocol {

  /** The name of this protocol in configurations and tasks. */
  public static final String NAME = "docket";

  private static final boolean DURABLE = true;

  private final BrokerNames names;

  public DocketProtocol(BrokerNames names) {
    super(NAME, Policy.AckMode.CLAIMS, names, Topology.EXCHANGE, DURABLE);
    this.names = names;
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
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    throw new UnreadableReply("workers of protocol docket must report over HTTP");
  }
}

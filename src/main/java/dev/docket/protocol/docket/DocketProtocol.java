package dev.docket.protocol.docket;

import dev.docket.protocol.MessageBody;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import dev.docket.wire.Topology;
import java.util.List;

/** The protocol of Docket's own workers. They report over HTTP only, never through the broker. */
public final class DocketProtocol implements WorkerProtocol {

  /** The name of this protocol in configurations and tasks. */
  public static final String NAME = "docket";

  private static final boolean DURABLE = true;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Policy.AckMode ackMode() {
    return Policy.AckMode.CLAIMS;
  }

  @Override
  public Exchange exchange() {
    return new Exchange(Topology.EXCHANGE, DURABLE);
  }

  @Override
  public byte[] body(Task task) {
    return MessageBody.bytes(task);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    throw new UnreadableReply("workers of protocol docket must report over HTTP");
  }
}

package dev.docket.protocol.docket;

import dev.docket.protocol.MessageBody;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import dev.docket.wire.Topology;
import java.util.List;

/** Docket's own workers. All that they say comes over HTTP, nothing through the broker. */
public final class DocketProtocol implements WorkerProtocol {

  /** The name that configurations and tasks give it. */
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
  public List<Command.OfRun> answer(Task task, RunId run, byte[] body) throws Unreadable {
    throw new Unreadable("Docket's workers report over HTTP and do not answer through the broker");
  }
}

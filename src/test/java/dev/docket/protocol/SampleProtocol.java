package dev.docket.protocol;

import dev.docket.broker.BrokerNames;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.util.List;

/** A protocol with any name, exchange and ack mode, whose workers do not reply. */
public final class SampleProtocol extends TopicProtocol {

  public SampleProtocol(String name, String exchange, Policy.AckMode ackMode) {
    super(name, ackMode, new BrokerNames(""), exchange, true);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    throw new UnreadableReply("workers do not reply");
  }
}

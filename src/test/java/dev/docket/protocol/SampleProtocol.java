package dev.docket.protocol;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.List;

/** A protocol with any name, exchange and ack mode, whose workers do not reply. */
public record SampleProtocol(String name, String exchange, Policy.AckMode ackMode)
    implements WorkerProtocol, Transport.Broker {

  @Override
  public Transport transport() {
    return this;
  }

  private TopicMessages messages() {
    return new TopicMessages(new BrokerNames(""), exchange, true);
  }

  @Override
  public List<Exchange> exchanges() {
    return messages().exchanges();
  }

  @Override
  public Destination destination(Route route) {
    return messages().destination(route);
  }

  @Override
  public List<Queue> queues(Route route) {
    return List.of();
  }

  @Override
  public OutboundMessage message(Task task, Instant now) {
    return messages().message(task, MessageBody.bytes(task), now);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    throw new UnreadableReply("workers do not reply");
  }
}

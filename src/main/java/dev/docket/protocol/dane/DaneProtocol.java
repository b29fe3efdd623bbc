package dev.docket.protocol.dane;

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
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.List;

/**
 * The protocol of workers that use DANE's {@code base_worker}. They declare DANE's exchange
 * themselves, as not durable, so the server declares it in the same way. They acknowledge a message
 * after they have sent their reply. They hold no lease and do not report when they start.
 */
public final class DaneProtocol implements WorkerProtocol, Transport.Broker {

  /** The name of this protocol in configurations and tasks. */
  public static final String NAME = "dane";

  private static final boolean DURABLE = true;

  /** DANE-server stores 102 when it has sent a task; the message still has the state before. */
  private static final int SENT_STATE = TaskState.CREATED.number();

  private static final String SENT_MESSAGE = "Created";

  private final TopicMessages messages;

  public DaneProtocol(BrokerNames names) {
    this.messages = new TopicMessages(names, "DANE-exchange", !DURABLE);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Policy.AckMode ackMode() {
    return Policy.AckMode.ACKNOWLEDGES_LATE;
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

  /** None, because the workers declare their queues. */
  @Override
  public List<Queue> queues(Route route) {
    return List.of();
  }

  @Override
  public OutboundMessage message(Task task, Instant now) {
    return messages.message(task, MessageBody.bytes(task, SENT_STATE, SENT_MESSAGE), now);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    return List.of(DaneReply.read(body).command(task, run));
  }
}

package dev.docket.protocol.dane;

import dev.docket.broker.BrokerNames;
import dev.docket.protocol.MessageBody;
import dev.docket.protocol.TopicProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.util.List;

/**
 * The protocol of workers that use DANE's {@code base_worker}. They declare DANE's exchange
 * themselves, as not durable, so the server declares it in the same way. They acknowledge a message
 * after they have sent their reply. They hold no lease and do not report when they start.
 */
public final class DaneProtocol extends TopicProtocol {

  /** The name of this protocol in configurations and tasks. */
  public static final String NAME = "dane";

  private static final boolean DURABLE = true;

  /** DANE-server stores 102 when it has sent a task; the message still has the state before. */
  private static final int SENT_STATE = TaskState.CREATED.number();

  private static final String SENT_MESSAGE = "Created";

  public DaneProtocol(BrokerNames names) {
    super(NAME, Policy.AckMode.ACKNOWLEDGES_LATE, names, "DANE-exchange", !DURABLE);
  }

  @Override
  protected byte[] body(Task task) {
    return MessageBody.bytes(task, SENT_STATE, SENT_MESSAGE);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    return List.of(DaneReply.read(body).command(task, run));
  }
}

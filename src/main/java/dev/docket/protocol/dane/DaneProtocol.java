package dev.docket.protocol.dane;

import dev.docket.protocol.MessageBody;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.util.List;

/**
 * Workers written with DANE's {@code base_worker}. They declare DANE's exchange themselves, not
 * durable, so it is declared exactly so here. They acknowledge a message after they have answered,
 * hold no lease, and never say that they have begun.
 */
public final class DaneProtocol implements WorkerProtocol {

  /** The name that configurations and tasks give it. */
  public static final String NAME = "dane";

  private static final boolean DURABLE = true;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Policy.AckMode ackMode() {
    return Policy.AckMode.ACKNOWLEDGES_LATE;
  }

  @Override
  public Exchange exchange() {
    return new Exchange("DANE-exchange", !DURABLE);
  }

  @Override
  public byte[] body(Task task) {
    return MessageBody.bytes(task);
  }

  @Override
  public List<Command.OfRun> answer(Task task, RunId run, byte[] body) throws Unreadable {
    return List.of(DaneReply.read(body).command(task, run));
  }
}

package dev.docket.protocol;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.util.List;

/**
 * One kind of worker: the exchange it listens to, and its wire format. Pure: no I/O, no state, may
 * be called from any thread.
 */
public interface WorkerProtocol {

  /** The name that the configuration and a task's {@code courier} give it. */
  String name();

  /** How its workers take tasks. */
  Policy.AckMode ackMode();

  /** The topic exchange that its tasks are published to. */
  Exchange exchange();

  /** The message of the task's current run, UTF-8 JSON. */
  byte[] body(Task task);

  /**
   * What an answer says, as commands in order.
   *
   * @param task as it is now
   * @param run the one that the answer echoes, which need not be the current one
   * @throws Unreadable if it is none, saying why; the message is then kept aside
   */
  List<Command.OfRun> answer(Task task, RunId run, byte[] body) throws Unreadable;

  /** A topic exchange, without the installation's prefix. */
  record Exchange(String name, boolean durable) {}

  /** An answer that is none. */
  final class Unreadable extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;

    public Unreadable(String message) {
      super(message);
    }
  }
}

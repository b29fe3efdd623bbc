package dev.docket.protocol;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.util.List;

/**
 * How one kind of worker receives tasks and replies: its exchange and its wire format.
 * Implementations are pure: they do no I/O, have no state, and may be called from any thread.
 */
public interface WorkerProtocol {

  /** The name of the protocol in the configuration and in a task's field {@code courier}. */
  String name();

  /** When its workers acknowledge messages, and whether they claim tasks. */
  Policy.AckMode ackMode();

  /** The topic exchange to which its tasks are published. */
  Exchange exchange();

  /** The message body for the task's current run: JSON in UTF-8. */
  byte[] body(Task task);

  /**
   * Reads a reply, and returns the commands that it contains, in order.
   *
   * @param task the task in its current state
   * @param run the run that the reply names, which may be stale
   * @throws UnreadableReply if the body is not a valid reply; it then becomes a dead letter
   */
  List<Command.FromWorker> readReply(Task task, RunId run, byte[] body) throws UnreadableReply;

  /** A topic exchange; the name is without the installation's prefix. */
  record Exchange(String name, boolean durable) {}

  /** A reply that does not follow the protocol; the message says why. */
  final class UnreadableReply extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;

    public UnreadableReply(String message) {
      super(message);
    }
  }
}

package dev.docket.protocol;

import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How tasks reach the workers of a protocol. */
public sealed interface Transport {

  /** The server sends nothing: somebody finds a task over HTTP and claims it. */
  record None() implements Transport {}

  /**
   * Messages through the broker. All names are complete. Implementations do no I/O, have no state,
   * and may be called from any thread.
   */
  non-sealed interface Broker extends Transport {

    /** The exchanges that the server declares. */
    List<Exchange> exchanges();

    /** Where the tasks of a route are published. */
    Destination destination(Route route);

    /** The queues that the server declares for a route; empty if the workers declare theirs. */
    List<Queue> queues(Route route);

    /** The message of the task's current run. */
    OutboundMessage message(Task task, Instant now);

    /**
     * Reads a reply, and returns the commands that it contains, in order.
     *
     * @param task the task in its current state
     * @param run the run that the reply names, which may be stale
     * @throws UnreadableReply if the body is not a valid reply; it then becomes a dead letter
     */
    List<Command.FromWorker> readReply(Task task, RunId run, byte[] body) throws UnreadableReply;
  }

  /** A topic exchange. */
  record Exchange(String name, boolean durable) {}

  /**
   * A durable queue.
   *
   * @param source the exchange and the routing key that it is bound to
   */
  record Queue(String name, Map<String, Object> arguments, Destination source) {
    public Queue {
      arguments = Map.copyOf(arguments);
    }
  }

  /** A reply that does not follow the protocol; the message says why. */
  final class UnreadableReply extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;

    public UnreadableReply(String message) {
      super(message);
    }
  }
}

package dev.docket.broker;

import dev.docket.task.Route;
import java.util.Collection;

/** The queues of Docket's own workers, which wait for workers that have not started yet. */
public interface WorkerQueues {

  /**
   * Declares the queues of these routes unless they are known to exist. Blocks. A queue that the
   * broker does not accept is logged, and the others are declared.
   *
   * @throws BrokerUnavailable if the broker cannot be reached; some queues may be declared
   */
  void declare(Collection<Route> routes);
}

package dev.docket.broker;

import dev.docket.task.Route;
import dev.docket.wire.RunId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The queues of Docket's own workers, read by the server for workers that cannot reach the broker
 * and poll over HTTP.
 */
public interface TaskQueue {

  /**
   * Takes messages from the queues of these routes, and declares queues that do not exist yet. The
   * stage completes on a broker thread as soon as a message is available or the wait is over; it
   * does not wait until there are {@code max} messages. A delivery that is neither acknowledged nor
   * given back returns to its queue when the connection is lost. The stage fails with {@link
   * BrokerUnavailable}. Cancelling its future ends the wait, and messages that have not been
   * delivered by then return to their queues.
   *
   * @param routes if there are none, the stage completes without messages after the wait
   * @param max at least 1
   */
  CompletionStage<List<Delivery>> take(Collection<Route> routes, int max, Duration wait);

  /** A delivered message. The receiver calls exactly one of the two methods, once. */
  interface Delivery {
    /** The run that the message is about. */
    RunId run();

    /** Removes the message: the run is claimed, or the message is stale. */
    void acknowledge();

    /** Returns the message to its queue. */
    void giveBack();
  }
}

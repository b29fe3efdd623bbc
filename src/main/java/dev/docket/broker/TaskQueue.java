package dev.docket.broker;

import dev.docket.task.Route;
import dev.docket.wire.RunId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The queues of Docket's workers, for those who cannot reach the broker and poll instead. */
public interface TaskQueue {

  /**
   * Takes messages from the queues of these routes, which are declared if need be. Completes, on a
   * broker thread, as soon as there is one or the wait is over; with fewer than {@code max} it does
   * not wait for more. What is neither acknowledged nor given back goes back into its queue when
   * the connection is lost. Fails with {@link BrokerUnavailable}. Cancelling its future ends the
   * wait, and what is not handed out by then goes back.
   *
   * @param max at least 1
   */
  CompletionStage<List<Taken>> take(Collection<Route> routes, int max, Duration wait);

  /** A message that was taken: exactly one of the two methods must be called, once. */
  interface Taken {
    /** The run that it is about. */
    RunId run();

    /** It may go: the run is claimed, or nobody wants it. */
    void acknowledge();

    /** Back into the queue. */
    void giveBack();
  }
}

package dev.docket.drift;

import dev.docket.task.Route;
import java.util.List;

/**
 * The number of messages that the broker should hold, according to the store.
 *
 * @param routes in order of worker protocol, target type and key; at most {@link #MAX_ROUTES}
 * @param truncated whether there are further routes, which were not counted
 */
public record ExpectedMessages(List<RouteCount> routes, boolean truncated) {

  /** The maximum number of routes that are counted. */
  public static final int MAX_ROUTES = 1_000;

  public ExpectedMessages {
    routes = List.copyOf(routes);
  }

  /**
   * The tasks of one worker protocol and route.
   *
   * @param settled the number of tasks whose message is in the broker unless the broker lost it:
   *     202 for some time, with an empty outbox
   * @param possible the number of these tasks and of all others that may have a message in the
   *     broker: just dispatched, just started, just ended
   */
  public record RouteCount(String protocol, Route route, long settled, long possible) {}
}

package dev.docket.task;

import java.util.List;

/**
 * How many tasks the broker should have messages of.
 *
 * @param routes in order of courier, target type and key; at most {@link #MAX_ROUTES}
 * @param more whether there are further routes, which nobody has counted
 */
public record ExpectedMessages(List<OfRoute> routes, boolean more) {

  /** The most routes that are counted. */
  public static final int MAX_ROUTES = 1_000;

  public ExpectedMessages {
    routes = List.copyOf(routes);
  }

  /**
   * One courier's tasks of a route.
   *
   * @param settled those whose message lies in the broker, unless it has lost it: 202 since some
   *     time, with nothing left to do
   * @param possible these, and whatever else may have a message there: just handed over, just
   *     begun, just ended
   */
  public record OfRoute(String protocol, Route route, long settled, long possible) {}
}

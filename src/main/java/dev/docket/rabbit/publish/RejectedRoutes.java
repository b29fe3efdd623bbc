package dev.docket.rabbit.publish;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The routes whose latest message the broker rejected, with the time; the last {@value
 * #MAX_ROUTES}. Thread-safe.
 */
final class RejectedRoutes {

  private static final int MAX_ROUTES = 1_000;

  private final Map<Route, Instant> rejections = new LinkedHashMap<>();

  private record Route(String exchange, String routingKey) {
    static Route of(OutboundMessage message) {
      return new Route(message.exchange(), message.routingKey());
    }
  }

  /** Records a rejection. */
  synchronized void rejected(OutboundMessage message, Instant at) {
    Route route = Route.of(message);
    rejections.remove(route);
    rejections.put(route, at);
    if (rejections.size() > MAX_ROUTES) {
      rejections.remove(rejections.keySet().iterator().next());
    }
  }

  /** Forgets a rejection, because the broker accepted a message of the route. */
  synchronized void accepted(OutboundMessage message) {
    if (!rejections.isEmpty()) {
      rejections.remove(Route.of(message));
    }
  }

  /** When the broker rejected the latest message of a route; empty if it accepted it. */
  synchronized Optional<Instant> at(String exchange, String routingKey) {
    return Optional.ofNullable(rejections.get(new Route(exchange, routingKey)));
  }
}

package dev.docket.rabbit.publish;

import dev.docket.broker.Destination;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The destinations whose latest message the broker rejected, with the time; the last {@value
 * #MAX_DESTINATIONS}. Thread-safe.
 */
final class RejectedDestinations {

  private static final int MAX_DESTINATIONS = 1_000;

  private final Map<Destination, Instant> rejections = new LinkedHashMap<>();

  /** Records a rejection. */
  synchronized void rejected(Destination destination, Instant at) {
    rejections.remove(destination);
    rejections.put(destination, at);
    if (rejections.size() > MAX_DESTINATIONS) {
      rejections.remove(rejections.keySet().iterator().next());
    }
  }

  /** Forgets a rejection, because the broker accepted a message. */
  synchronized void accepted(Destination destination) {
    rejections.remove(destination);
  }

  /** When the broker rejected the latest message to a destination; empty if it accepted it. */
  synchronized Optional<Instant> at(Destination destination) {
    return Optional.ofNullable(rejections.get(destination));
  }
}

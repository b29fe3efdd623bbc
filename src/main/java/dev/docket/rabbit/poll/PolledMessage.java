package dev.docket.rabbit.poll;

import com.rabbitmq.client.AMQP;
import dev.docket.task.Route;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A message in a take's hand. Those of higher priority come first, and of one priority the oldest.
 *
 * @param sentAt in whole seconds; the epoch where the message does not say
 */
record PolledMessage(Route route, long tag, RunId run, int priority, Instant sentAt)
    implements Comparable<PolledMessage> {

  private static final Comparator<PolledMessage> ORDER =
      Comparator.comparingInt(PolledMessage::priority)
          .reversed()
          .thenComparing(PolledMessage::sentAt)
          .thenComparingLong(PolledMessage::tag);

  /** Empty if it names no run. */
  static Optional<PolledMessage> of(Route route, long tag, AMQP.BasicProperties properties) {
    String correlationId = properties.getCorrelationId();
    Integer priority = properties.getPriority();
    Instant sentAt =
        properties.getTimestamp() == null ? Instant.EPOCH : properties.getTimestamp().toInstant();
    return correlationId == null
        ? Optional.empty()
        : RunId.parse(correlationId)
            .map(
                run -> new PolledMessage(route, tag, run, priority == null ? 0 : priority, sentAt));
  }

  @Override
  public int compareTo(PolledMessage other) {
    return ORDER.compare(this, other);
  }
}

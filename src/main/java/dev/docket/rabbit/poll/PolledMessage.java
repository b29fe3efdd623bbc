package dev.docket.rabbit.poll;

import com.rabbitmq.client.AMQP;
import dev.docket.task.Route;
import dev.docket.wire.RunId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A message received for a poll, not yet acknowledged. Ordered by descending priority, then by age,
 * oldest first.
 *
 * @param sentAt in whole seconds; the epoch if the message has no timestamp
 */
record PolledMessage(Route route, long tag, RunId run, int priority, Instant sentAt)
    implements Comparable<PolledMessage> {

  private static final Comparator<PolledMessage> ORDER =
      Comparator.comparingInt(PolledMessage::priority)
          .reversed()
          .thenComparing(PolledMessage::sentAt)
          .thenComparingLong(PolledMessage::tag);

  /** Empty if the message's correlation id does not name a run. */
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

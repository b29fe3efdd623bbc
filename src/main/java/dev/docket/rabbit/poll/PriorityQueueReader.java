package dev.docket.rabbit.poll;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.task.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages with the highest priority from several queues. Each queue delivers its
 * messages in order of priority. So the reader holds the first message of each queue, takes the
 * best of them, and fetches the next message from the queue of the one that it took.
 */
final class PriorityQueueReader {

  private static final Logger LOG = LoggerFactory.getLogger(PriorityQueueReader.class);
  private static final boolean AUTO_ACK = true;
  private static final boolean REQUEUE = true;
  private static final boolean MULTIPLE = true;

  private final Channel channel;
  private final RabbitTopology topology;
  private final Collection<Route> routes;

  PriorityQueueReader(Channel channel, RabbitTopology topology, Collection<Route> routes) {
    this.channel = channel;
    this.topology = topology;
    this.routes = routes;
  }

  /**
   * Takes up to {@code max} messages, those with the highest priority first; gives all others back.
   *
   * @param received messages that were already received from these queues
   */
  List<PolledMessage> take(int max, Collection<PolledMessage> received) throws IOException {
    PriorityQueue<PolledMessage> firsts = new PriorityQueue<>(received);
    for (Route route : routes) {
      if (received.stream().noneMatch(message -> message.route().equals(route))) {
        fetch(route, firsts);
      }
    }
    List<PolledMessage> best = new ArrayList<>();
    while (best.size() < max && !firsts.isEmpty()) {
      PolledMessage first = firsts.remove();
      best.add(first);
      if (best.size() < max) {
        fetch(first.route(), firsts);
      }
    }
    for (PolledMessage remaining : firsts) {
      giveBack(remaining);
    }
    return best;
  }

  private void fetch(Route route, Collection<PolledMessage> target) throws IOException {
    String queue = topology.workerQueue(route);
    GetResponse response = channel.basicGet(queue, !AUTO_ACK);
    while (response != null) {
      PolledMessage message =
          read(route, response.getEnvelope().getDeliveryTag(), response.getProps());
      if (message != null) {
        target.add(message);
        return;
      }
      response = channel.basicGet(queue, !AUTO_ACK);
    }
  }

  /** Reads a message; drops it and returns null if its correlation id does not name a run. */
  @Nullable PolledMessage read(Route route, long tag, AMQP.BasicProperties properties)
      throws IOException {
    PolledMessage message = PolledMessage.of(route, tag, properties).orElse(null);
    if (message == null) {
      // Docket did not publish it, so no task depends on it.
      LOG.warn(
          "Dropping a message from the queue for {}: its correlation id '{}' does not name a run",
          route,
          properties.getCorrelationId());
      channel.basicReject(tag, !REQUEUE);
    }
    return message;
  }

  void giveBack(PolledMessage message) throws IOException {
    channel.basicNack(message.tag(), !MULTIPLE, REQUEUE);
  }

  void acknowledge(PolledMessage message) throws IOException {
    channel.basicAck(message.tag(), !MULTIPLE);
  }
}

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
 * Takes the best messages of several queues. A queue gives its best first, so it is enough to have
 * the first of each in hand, take the best of them, and fetch the next from where that came.
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
   * The best, as many as there are up to the most; all others go back.
   *
   * @param inHand what came from these queues already
   */
  List<PolledMessage> take(int most, Collection<PolledMessage> inHand) throws IOException {
    PriorityQueue<PolledMessage> firsts = new PriorityQueue<>(inHand);
    for (Route route : routes) {
      if (inHand.stream().noneMatch(held -> held.route().equals(route))) {
        fetch(route, firsts);
      }
    }
    List<PolledMessage> best = new ArrayList<>();
    while (best.size() < most && !firsts.isEmpty()) {
      PolledMessage first = firsts.remove();
      best.add(first);
      if (best.size() < most) {
        fetch(first.route(), firsts);
      }
    }
    for (PolledMessage unwanted : firsts) {
      giveBack(unwanted);
    }
    return best;
  }

  private void fetch(Route route, Collection<PolledMessage> into) throws IOException {
    String queue = topology.workerQueue(route);
    GetResponse got = channel.basicGet(queue, !AUTO_ACK);
    while (got != null) {
      PolledMessage held = read(route, got.getEnvelope().getDeliveryTag(), got.getProps());
      if (held != null) {
        into.add(held);
        return;
      }
      got = channel.basicGet(queue, !AUTO_ACK);
    }
  }

  /** Null if it names no run; it is dropped then. */
  @Nullable PolledMessage read(Route route, long tag, AMQP.BasicProperties properties)
      throws IOException {
    PolledMessage held = PolledMessage.of(route, tag, properties).orElse(null);
    if (held == null) {
      // Not from Docket, so there is no task that waits for it.
      LOG.warn(
          "a message for {} names no run and is dropped: correlation id '{}'",
          route,
          properties.getCorrelationId());
      channel.basicReject(tag, !REQUEUE);
    }
    return held;
  }

  void giveBack(PolledMessage held) throws IOException {
    channel.basicNack(held.tag(), !MULTIPLE, REQUEUE);
  }

  void acknowledge(PolledMessage held) throws IOException {
    channel.basicAck(held.tag(), !MULTIPLE);
  }
}

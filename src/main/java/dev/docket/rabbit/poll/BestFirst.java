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
final class BestFirst {

  private static final Logger log = LoggerFactory.getLogger(BestFirst.class);
  private static final boolean AUTO_ACK = true;
  private static final boolean REQUEUE = true;
  private static final boolean MULTIPLE = true;

  private final Channel channel;
  private final RabbitTopology topology;
  private final Collection<Route> routes;

  BestFirst(Channel channel, RabbitTopology topology, Collection<Route> routes) {
    this.channel = channel;
    this.topology = topology;
    this.routes = routes;
  }

  /**
   * The best, as many as there are up to the most; all others go back.
   *
   * @param inHand what came from these queues already
   */
  List<Held> take(int most, Collection<Held> inHand) throws IOException {
    PriorityQueue<Held> firsts = new PriorityQueue<>(inHand);
    for (Route route : routes) {
      if (inHand.stream().noneMatch(held -> held.route().equals(route))) {
        fetch(route, firsts);
      }
    }
    List<Held> best = new ArrayList<>();
    while (best.size() < most && !firsts.isEmpty()) {
      Held first = firsts.remove();
      best.add(first);
      if (best.size() < most) {
        fetch(first.route(), firsts);
      }
    }
    for (Held unwanted : firsts) {
      giveBack(unwanted);
    }
    return best;
  }

  private void fetch(Route route, Collection<Held> into) throws IOException {
    String queue = topology.workerQueue(route);
    GetResponse got = channel.basicGet(queue, !AUTO_ACK);
    while (got != null) {
      Held held = read(route, got.getEnvelope().getDeliveryTag(), got.getProps());
      if (held != null) {
        into.add(held);
        return;
      }
      got = channel.basicGet(queue, !AUTO_ACK);
    }
  }

  /** Null if it names no run; it is dropped then. */
  @Nullable Held read(Route route, long tag, AMQP.BasicProperties properties) throws IOException {
    Held held = Held.of(route, tag, properties).orElse(null);
    if (held == null) {
      // Not from Docket, so there is no task that waits for it.
      log.warn(
          "a message for {} names no run and is dropped: correlation id '{}'",
          route,
          properties.getCorrelationId());
      channel.basicReject(tag, !REQUEUE);
    }
    return held;
  }

  void giveBack(Held held) throws IOException {
    channel.basicNack(held.tag(), !MULTIPLE, REQUEUE);
  }

  void acknowledge(Held held) throws IOException {
    channel.basicAck(held.tag(), !MULTIPLE);
  }
}

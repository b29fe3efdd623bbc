package dev.docket.rabbit.poll;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.task.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the first message of several queues, taking one of each at most. */
final class FirstMessageConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(FirstMessageConsumer.class);
  private static final boolean AUTO_ACK = true;

  private final Channel channel;
  private final PriorityQueueReader queues;
  private final Runnable first;
  private final Runnable gone;
  private final List<String> consumers = new ArrayList<>();

  /** Guarded by this, as are the next two. */
  private final List<PolledMessage> heard = new ArrayList<>();

  private boolean armed;
  private boolean over;

  /**
   * Does not listen yet.
   *
   * @param first called when the first message comes, on a thread of the connection
   * @param gone called when a queue is deleted
   */
  FirstMessageConsumer(Channel channel, PriorityQueueReader queues, Runnable first, Runnable gone) {
    this.channel = channel;
    this.queues = queues;
    this.first = first;
    this.gone = gone;
  }

  void start(RabbitTopology topology, List<Route> routes) throws IOException {
    channel.basicQos(1);
    for (Route route : routes) {
      consumers.add(
          channel.basicConsume(
              topology.workerQueue(route), !AUTO_ACK, new DeliveryConsumer(route)));
    }
  }

  /** From here on the first is called; true if something has come before. */
  synchronized boolean arm() {
    armed = true;
    return !heard.isEmpty();
  }

  /** What has come; what comes later goes back. */
  List<PolledMessage> stop() throws IOException {
    List<PolledMessage> all;
    synchronized (this) {
      over = true;
      all = List.copyOf(heard);
    }
    for (String consumer : consumers) {
      channel.basicCancel(consumer);
    }
    return all;
  }

  private void hear(PolledMessage held) throws IOException {
    synchronized (this) {
      if (!over) {
        heard.add(held);
        if (armed && heard.size() == 1) {
          first.run();
        }
        return;
      }
    }
    queues.giveBack(held);
  }

  /** On a thread of the connection. */
  private final class DeliveryConsumer extends DefaultConsumer {
    private final Route route;

    private DeliveryConsumer(Route route) {
      super(channel);
      this.route = route;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      try {
        PolledMessage held = queues.read(route, envelope.getDeliveryTag(), properties);
        if (held != null) {
          hear(held);
        }
      } catch (IOException | ShutdownSignalException lost) {
        LOG.debug("a message for {} is back in its queue already", route, lost);
      }
    }

    @Override
    public void handleCancel(String consumer) {
      gone.run();
    }
  }
}

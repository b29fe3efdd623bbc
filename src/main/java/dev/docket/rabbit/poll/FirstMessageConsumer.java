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

/** Waits for the first message from several queues; takes at most one message from each. */
final class FirstMessageConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(FirstMessageConsumer.class);
  private static final boolean AUTO_ACK = true;

  private final Channel channel;
  private final PriorityQueueReader queues;
  private final Runnable onFirstMessage;
  private final Runnable onQueueDeleted;
  private final List<String> consumerTags = new ArrayList<>();

  /** Guarded by this, as are the two fields below. */
  private final List<PolledMessage> received = new ArrayList<>();

  private boolean notifying;
  private boolean stopped;

  /**
   * Does not consume yet.
   *
   * @param onFirstMessage called on a thread of the connection when the first message arrives
   * @param onQueueDeleted called when a queue is deleted
   */
  FirstMessageConsumer(
      Channel channel,
      PriorityQueueReader queues,
      Runnable onFirstMessage,
      Runnable onQueueDeleted) {
    this.channel = channel;
    this.queues = queues;
    this.onFirstMessage = onFirstMessage;
    this.onQueueDeleted = onQueueDeleted;
  }

  void start(RabbitTopology topology, List<Route> routes) throws IOException {
    channel.basicQos(1);
    for (Route route : routes) {
      consumerTags.add(
          channel.basicConsume(
              topology.workerQueue(route), !AUTO_ACK, new DeliveryConsumer(route)));
    }
  }

  /** From now on calls {@code onFirstMessage}; true if a message has already arrived. */
  synchronized boolean enableNotification() {
    notifying = true;
    return !received.isEmpty();
  }

  /** Stops consuming, and returns the messages received so far; later ones are given back. */
  List<PolledMessage> stop() throws IOException {
    List<PolledMessage> messages;
    synchronized (this) {
      stopped = true;
      messages = List.copyOf(received);
    }
    for (String consumerTag : consumerTags) {
      channel.basicCancel(consumerTag);
    }
    return messages;
  }

  private void receive(PolledMessage message) throws IOException {
    synchronized (this) {
      if (!stopped) {
        received.add(message);
        if (notifying && received.size() == 1) {
          onFirstMessage.run();
        }
        return;
      }
    }
    queues.giveBack(message);
  }

  /** Called on a thread of the connection. */
  private final class DeliveryConsumer extends DefaultConsumer {
    private final Route route;

    private DeliveryConsumer(Route route) {
      super(channel);
      this.route = route;
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      try {
        PolledMessage message = queues.read(route, envelope.getDeliveryTag(), properties);
        if (message != null) {
          receive(message);
        }
      } catch (IOException | ShutdownSignalException e) {
        LOG.debug("Channel closed; the broker has requeued a message for {}", route, e);
      }
    }

    @Override
    public void handleCancel(String consumerTag) {
      onQueueDeleted.run();
    }
  }
}

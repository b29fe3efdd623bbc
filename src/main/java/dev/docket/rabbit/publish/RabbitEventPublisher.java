package dev.docket.rabbit.publish;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.concurrent.Backoff;
import dev.docket.concurrent.NamedThreads;
import dev.docket.events.EventPublisher;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events for other programs, best effort and without blocking the caller. An event that
 * cannot be published now is dropped and counted.
 */
public final class RabbitEventPublisher implements EventPublisher, RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitEventPublisher.class);
  private static final int MAX_QUEUED = 10_000;
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(100);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final boolean MANDATORY = true;

  private final RabbitTopology topology;
  private final BlockingQueue<OutboundMessage> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
  private final LongAdder dropped = new LongAdder();
  private final Thread writer = new NamedThreads("docket-rabbit-events").newThread(this::write);
  private volatile @Nullable Connection connection;

  public RabbitEventPublisher(RabbitTopology topology) {
    this.topology = topology;
  }

  public void start() {
    writer.start();
  }

  public void stop() {
    connection = null;
    writer.interrupt();
  }

  @Override
  public void publish(String routingKey, byte[] body) {
    Destination destination = new Destination(topology.eventExchange(), routingKey);
    OutboundMessage event = new OutboundMessage(destination, OutboundMessage.Properties.JSON, body);
    if (connection == null || !queue.offer(event)) {
      dropped.increment();
    }
  }

  /** The number of events that were dropped. */
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void connected(Connection newConnection) {
    connection = newConnection;
  }

  @Override
  public void disconnected() {
    connection = null;
  }

  private void write() {
    Backoff backoff = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
    Channel channel = null;
    try {
      while (true) {
        OutboundMessage event = queue.take();
        try {
          channel = openChannel(channel);
          AmqpMessages.publish(channel, event, null, !MANDATORY);
          backoff.reset();
        } catch (IOException | TimeoutException | RuntimeException e) {
          dropped.increment();
          LOG.debug("Dropping an event that cannot be published", e);
          Channels.discard(channel);
          if (connection == null) {
            // The queued events would be outdated after the reconnect.
            dropped.add(queue.drainTo(new ArrayList<>()));
            continue;
          }
          TimeUnit.NANOSECONDS.sleep(backoff.next().toNanos());
        }
      }
    } catch (InterruptedException e) {
      Channels.discard(channel);
    }
  }

  private Channel openChannel(@Nullable Channel channel) throws IOException, TimeoutException {
    if (channel != null && channel.isOpen()) {
      return channel;
    }
    Connection current = connection;
    if (current == null) {
      throw new IOException("no connection");
    }
    if (channel != null) {
      // The broker may have closed the channel because the exchange was deleted.
      topology.declare(current);
    }
    return Channels.open(current);
  }
}

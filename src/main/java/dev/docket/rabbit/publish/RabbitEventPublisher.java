package dev.docket.rabbit.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.docket.events.EventPublisher;
import dev.docket.rabbit.connection.Backoff;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.NamedThreads;
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
 * Tells other programs what happens, as well as it can be done without holding anybody up: what
 * cannot be told now is dropped and counted.
 */
public final class RabbitEventPublisher implements EventPublisher, RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitEventPublisher.class);
  private static final int MAX_WAITING = 10_000;
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(100);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final boolean MANDATORY = true;
  private static final AMQP.BasicProperties PROPERTIES =
      new AMQP.BasicProperties.Builder()
          .contentType("application/json")
          .contentEncoding("utf-8")
          .build();

  private final RabbitTopology topology;
  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final LongAdder dropped = new LongAdder();
  private final Thread writer = new NamedThreads("events").newThread(this::write);
  private volatile @Nullable Connection connection;

  /** What is to be told. */
  private static final class Event {
    private final String routingKey;
    private final byte[] body;

    private Event(String routingKey, byte[] body) {
      this.routingKey = routingKey;
      this.body = body;
    }
  }

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
    if (connection == null || !waiting.offer(new Event(routingKey, body))) {
      dropped.increment();
    }
  }

  /** How many events nobody heard of. */
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void connected(Connection fresh) {
    connection = fresh;
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
        Event event = waiting.take();
        try {
          channel = usable(channel);
          channel.basicPublish(
              topology.events(), event.routingKey, !MANDATORY, PROPERTIES, event.body);
          backoff.reset();
        } catch (IOException | TimeoutException | RuntimeException failed) {
          dropped.increment();
          LOG.debug("an event is dropped", failed);
          Channels.discard(channel);
          if (connection == null) {
            // They are old by the time that there is one again.
            dropped.add(waiting.drainTo(new ArrayList<>()));
            continue;
          }
          TimeUnit.NANOSECONDS.sleep(backoff.next().toNanos());
        }
      }
    } catch (InterruptedException stopping) {
      Channels.discard(channel);
    }
  }

  private Channel usable(@Nullable Channel channel) throws IOException, TimeoutException {
    if (channel != null && channel.isOpen()) {
      return channel;
    }
    Connection usable = connection;
    if (usable == null) {
      throw new IOException("no connection");
    }
    if (channel != null) {
      // It may have been closed because the exchange is gone.
      topology.declare(usable);
    }
    return Channels.open(usable);
  }
}

package dev.docket.rabbit.consume;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.ReplyHandler;
import dev.docket.concurrent.Backoff;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.connection.SerialExecutor;
import dev.docket.rabbit.publish.DeadLetters;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes workers' replies from the response queue, with at-least-once semantics: a reply is
 * acknowledged only after the {@link ReplyHandler}'s decision. If the queue is deleted or the
 * channel closed, the topology is declared and the queue consumed again.
 *
 * <p>All mutable state belongs to one thread.
 */
public final class RabbitReplies implements RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitReplies.class);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

  private final RabbitTopology topology;
  private final int prefetch;
  private final SerialExecutor executor = new SerialExecutor("replies");
  private final ReplyAcknowledger acknowledger;
  private final Backoff backoff = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
  private @Nullable Connection connection;
  private @Nullable ReplyConsumer consumer;
  private boolean stopping;

  public RabbitReplies(
      RabbitTopology topology, DeadLetters deadLetters, int prefetch, ReplyHandler handler) {
    this.topology = topology;
    this.prefetch = prefetch;
    this.acknowledger =
        new ReplyAcknowledger(executor, handler, deadLetters, this::declareTopology);
  }

  @Override
  public void connected(Connection newConnection) {
    executor.execute(
        () -> {
          connection = newConnection;
          consume(newConnection);
        });
  }

  @Override
  public void disconnected() {
    executor.execute(
        () -> {
          connection = null;
          consumer = null;
        });
  }

  private void consume(Connection current) {
    if (connection != current || stopping) {
      return;
    }
    ReplyConsumer started = null;
    try {
      ReplyConsumer opened = new ReplyConsumer(executor, Channels.open(current));
      started = opened;
      consumer = opened;
      opened.consume(
          topology.responseQueue(),
          prefetch,
          acknowledger::handle,
          failure -> consumeAgain(opened, failure));
    } catch (IOException | ShutdownSignalException e) {
      consumeAgain(started, e);
      return;
    }
    backoff.reset();
    scheduleCheck(started, current);
  }

  /** Replaces a failed consumer; the broker redelivers what it had not acknowledged. */
  private void consumeAgain(@Nullable ReplyConsumer failed, Exception failure) {
    Connection current = connection;
    if (consumer != failed || current == null || stopping) {
      return;
    }
    consumer = null;
    if (failed != null) {
      failed.discard();
    }
    if (!current.isOpen()) {
      // RabbitConnection logs the loss, reconnects, and calls connected() again.
      return;
    }
    LOG.warn(
        "Consuming from {} failed: {}; retrying",
        topology.responseQueue(),
        Channels.reason(failure));
    executor.schedule(backoff.next(), () -> declareAndConsume(current));
  }

  private void declareAndConsume(Connection current) {
    if (connection != current || consumer != null || stopping) {
      return;
    }
    try {
      topology.declare(current);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      consumeAgain(null, e);
      return;
    }
    consume(current);
  }

  private void declareTopology() {
    Connection current = connection;
    if (current == null) {
      return;
    }
    try {
      topology.declare(current);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      LOG.debug("Cannot declare the topology now", e);
    }
  }

  private void scheduleCheck(ReplyConsumer checked, Connection current) {
    executor.schedule(CHECK_INTERVAL, () -> check(checked, current));
  }

  /** Checks for a deleted queue, because Qpid does not notify the consumers of a deleted queue. */
  private void check(ReplyConsumer checked, Connection current) {
    if (consumer != checked || stopping) {
      return;
    }
    if (!topology.conflicts().isEmpty()) {
      // The conflict may have been resolved, or the rejection may have been temporary.
      declareTopology();
    }
    Channel channel = null;
    try {
      channel = Channels.open(current);
      if (channel.consumerCount(topology.responseQueue()) == 0) {
        consumeAgain(checked, new IOException("the queue has no consumer"));
      }
    } catch (IOException | ShutdownSignalException e) {
      consumeAgain(checked, e);
    } finally {
      Channels.discard(channel);
    }
    scheduleCheck(checked, current);
  }

  /** Stops consuming, and waits up to two seconds for replies that are being handled. */
  public void stop() {
    CountDownLatch idle = new CountDownLatch(1);
    executor.execute(() -> cancel(idle));
    try {
      if (!idle.await(SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("Some replies are not stored yet; the broker will redeliver them");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdown();
  }

  private void cancel(CountDownLatch idle) {
    stopping = true;
    ReplyConsumer open = consumer;
    if (open == null) {
      idle.countDown();
      return;
    }
    try {
      open.cancel();
    } catch (IOException | ShutdownSignalException e) {
      idle.countDown();
      return;
    }
    awaitIdle(open, idle);
  }

  private void awaitIdle(ReplyConsumer open, CountDownLatch idle) {
    if (open.isIdle()) {
      idle.countDown();
    } else {
      executor.schedule(Duration.ofMillis(10), () -> awaitIdle(open, idle));
    }
  }
}

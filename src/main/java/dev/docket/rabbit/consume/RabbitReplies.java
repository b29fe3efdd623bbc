package dev.docket.rabbit.consume;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.ReplyHandler;
import dev.docket.rabbit.connection.Backoff;
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
 * Takes workers' answers from the response queue. An answer is acknowledged after its fate is
 * certain, never before: it may be offered twice, never zero times. Whenever the queue or the
 * channel is gone, it is declared and consumed again.
 *
 * <p>All that changes belongs to one thread.
 */
public final class RabbitReplies implements RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitReplies.class);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

  private final RabbitTopology topology;
  private final int prefetch;
  private final SerialExecutor loop = new SerialExecutor("responses");
  private final ReplyAcknowledger fates;
  private final Backoff reopening = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
  private @Nullable Connection connection;
  private @Nullable ReplyConsumer session;
  private boolean stopping;

  public RabbitReplies(
      RabbitTopology topology, DeadLetters deadLetters, int prefetch, ReplyHandler answers) {
    this.topology = topology;
    this.prefetch = prefetch;
    this.fates = new ReplyAcknowledger(loop, answers, deadLetters, this::declareAgain);
  }

  @Override
  public void connected(Connection fresh) {
    loop.run(
        () -> {
          connection = fresh;
          consume(fresh);
        });
  }

  @Override
  public void disconnected() {
    loop.run(
        () -> {
          connection = null;
          session = null;
        });
  }

  private void consume(Connection on) {
    if (connection != on || stopping) {
      return;
    }
    ReplyConsumer fresh = null;
    try {
      ReplyConsumer opened = new ReplyConsumer(loop, Channels.open(on));
      fresh = opened;
      session = opened;
      opened.consume(
          topology.responses(), prefetch, fates::offer, why -> consumeAgain(opened, why));
    } catch (IOException | ShutdownSignalException failed) {
      consumeAgain(fresh, failed);
      return;
    }
    reopening.reset();
    watchLater(fresh, on);
  }

  /** The channel is of no use any more; what it had delivered will be delivered again. */
  private void consumeAgain(@Nullable ReplyConsumer lost, Exception why) {
    Connection on = connection;
    if (session != lost || on == null || stopping) {
      return;
    }
    session = null;
    if (lost != null) {
      lost.discard();
    }
    if (!on.isOpen()) {
      // The link says so, and will bring another.
      return;
    }
    LOG.warn("no answers from {} for a moment: {}", topology.responses(), Channels.why(why));
    loop.later(reopening.next(), () -> declareAndConsume(on));
  }

  private void declareAndConsume(Connection on) {
    if (connection != on || session != null || stopping) {
      return;
    }
    try {
      topology.declare(on);
    } catch (IOException | TimeoutException | ShutdownSignalException failed) {
      consumeAgain(null, failed);
      return;
    }
    consume(on);
  }

  private void declareAgain() {
    Connection on = connection;
    if (on == null) {
      return;
    }
    try {
      topology.declare(on);
    } catch (IOException | TimeoutException | ShutdownSignalException failed) {
      LOG.debug("cannot declare now", failed);
    }
  }

  private void watchLater(ReplyConsumer watched, Connection on) {
    loop.later(CHECK_INTERVAL, () -> watch(watched, on));
  }

  /** Qpid deletes a queue under its consumer and tells nobody. */
  private void watch(ReplyConsumer watched, Connection on) {
    if (session != watched || stopping) {
      return;
    }
    if (!topology.conflicts().isEmpty()) {
      // Somebody may have mended it, or it was refused for a moment only.
      declareAgain();
    }
    Channel asking = null;
    try {
      asking = Channels.open(on);
      if (asking.consumerCount(topology.responses()) == 0) {
        consumeAgain(watched, new IOException("the queue has no consumer"));
      }
    } catch (IOException | ShutdownSignalException failed) {
      consumeAgain(watched, failed);
    } finally {
      Channels.discard(asking);
    }
    watchLater(watched, on);
  }

  /** Takes no more, and waits a little for what is under way. */
  public void stop() {
    CountDownLatch idle = new CountDownLatch(1);
    loop.run(() -> cancel(idle));
    try {
      if (!idle.await(SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("answers that are not stored yet stay with the broker");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    loop.end();
  }

  private void cancel(CountDownLatch idle) {
    stopping = true;
    ReplyConsumer open = session;
    if (open == null) {
      idle.countDown();
      return;
    }
    try {
      open.cancel();
    } catch (IOException | ShutdownSignalException failed) {
      idle.countDown();
      return;
    }
    awaitIdle(open, idle);
  }

  private void awaitIdle(ReplyConsumer open, CountDownLatch idle) {
    if (open.isIdle()) {
      idle.countDown();
    } else {
      loop.later(Duration.ofMillis(10), () -> awaitIdle(open, idle));
    }
  }
}

package dev.docket.rabbit.poll;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.TaskQueue.Delivery;
import dev.docket.rabbit.connection.Channels;
import dev.docket.task.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll, on a channel of its own. It takes the messages that are in the queues; if there are
 * none, it consumes from the queues until the first message arrives. On any error it closes the
 * channel, because then the broker requeues all messages that are not acknowledged.
 *
 * <p>Its steps run in the thread pool of {@link RabbitTaskQueue}.
 */
final class PollSession {

  private static final Logger LOG = LoggerFactory.getLogger(PollSession.class);

  private enum Stage {
    /** A step is waiting for the broker; it handles the loss of the channel itself. */
    REQUESTING,
    /** The session consumes from the queues and waits for the first message. */
    CONSUMING,
    /** The messages are delivered and not all of them are settled. */
    DELIVERED,
    ENDED
  }

  private final RabbitTaskQueue owner;
  private final Connection connection;
  private final List<Route> routes;
  private final int max;
  private final long deadline;
  private final CompletableFuture<List<Delivery>> result = new CompletableFuture<>();

  /** Guarded by this, as are the fields below. */
  private Stage stage = Stage.REQUESTING;

  private int unsettled;
  private @Nullable Channel channel;
  private @Nullable FirstMessageConsumer consumer;

  PollSession(
      RabbitTaskQueue owner, Connection connection, List<Route> routes, int max, Duration wait) {
    this.owner = owner;
    this.connection = connection;
    this.routes = routes;
    this.max = max;
    this.deadline = System.nanoTime() + wait.toNanos();
  }

  CompletableFuture<List<Delivery>> result() {
    return result;
  }

  /** The first step. */
  void begin() {
    var unused =
        result.whenComplete(
            (deliveries, failure) -> {
              if (result.isCancelled()) {
                owner.inPool(this::end);
              }
            });
    if (routes.isEmpty()) {
      owner.schedule(remaining(), this::end);
      return;
    }
    try {
      takeAvailable();
    } catch (IOException | TimeoutException | RuntimeException e) {
      fail(e);
    }
  }

  private void takeAvailable() throws IOException, TimeoutException {
    boolean allKnown = owner.declare(connection, routes);
    try {
      takeOrConsume(openChannel());
    } catch (IOException | ShutdownSignalException e) {
      if (!allKnown || !connection.isOpen()) {
        throw e;
      }
      // A queue may have been deleted since it was declared.
      owner.forget(routes);
      owner.declare(connection, routes);
      takeOrConsume(openChannel());
    }
  }

  private Channel openChannel() throws IOException {
    Channel opened = Channels.open(connection);
    Channel unused;
    synchronized (this) {
      unused = stage == Stage.ENDED ? opened : channel;
      if (stage != Stage.ENDED) {
        channel = opened;
      }
    }
    Channels.discard(unused);
    opened.addShutdownListener(signal -> owner.inPool(() -> channelClosed(opened, signal)));
    return opened;
  }

  private void takeOrConsume(Channel current) throws IOException {
    List<PolledMessage> messages = queues(current).take(max, List.of());
    if (!messages.isEmpty() || remaining().isZero()) {
      deliver(current, messages);
    } else {
      consume(current);
    }
  }

  private PriorityQueueReader queues(Channel current) {
    return new PriorityQueueReader(current, owner.topology(), routes);
  }

  private Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private void consume(Channel current) throws IOException {
    FirstMessageConsumer started =
        new FirstMessageConsumer(
            current,
            queues(current),
            () -> owner.inPool(this::stopConsuming),
            () -> owner.inPool(() -> fail(new IOException("a queue was deleted"))));
    started.start(owner.topology(), routes);
    synchronized (this) {
      consumer = started;
      if (!enter(Stage.CONSUMING)) {
        return;
      }
    }
    if (started.enableNotification() || !current.isOpen()) {
      stopConsuming();
    } else {
      owner.schedule(remaining(), this::stopConsuming);
    }
  }

  private void stopConsuming() {
    FirstMessageConsumer started;
    Channel current;
    synchronized (this) {
      started = consumer;
      current = channel;
      if (stage != Stage.CONSUMING || started == null || current == null) {
        return;
      }
      stage = Stage.REQUESTING;
    }
    try {
      deliver(current, queues(current).take(max, started.stop()));
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void deliver(Channel current, List<PolledMessage> messages) {
    synchronized (this) {
      unsettled = messages.size();
      if (!enter(Stage.DELIVERED)) {
        return;
      }
    }
    List<Delivery> deliveries = new ArrayList<>();
    messages.forEach(message -> deliveries.add(new PolledDelivery(this, message)));
    boolean accepted = result.complete(List.copyOf(deliveries));
    if (!accepted || deliveries.isEmpty() || !current.isOpen()) {
      end();
      return;
    }
    owner.schedule(owner.limits().settleTimeout(), this::end);
  }

  /** Acknowledges a message or gives it back, without waiting for the broker. */
  void settle(PolledMessage message, boolean acknowledge) {
    owner.inPool(() -> settleNow(message, acknowledge));
  }

  private void settleNow(PolledMessage message, boolean acknowledge) {
    Channel current;
    synchronized (this) {
      current = channel;
    }
    if (current == null) {
      return;
    }
    try {
      if (acknowledge) {
        queues(current).acknowledge(message);
      } else {
        queues(current).giveBack(message);
      }
    } catch (IOException | ShutdownSignalException e) {
      LOG.debug("Channel closed; the broker has requeued the message of {}", message.run(), e);
    }
    // Counts only now: the last one closes the channel, which requeues messages still unsettled.
    boolean last;
    synchronized (this) {
      unsettled--;
      last = unsettled == 0;
    }
    if (last) {
      end();
    }
  }

  /** False if the session has ended. */
  private synchronized boolean enter(Stage next) {
    if (stage == Stage.ENDED) {
      return false;
    }
    stage = next;
    return true;
  }

  private void channelClosed(Channel closed, ShutdownSignalException signal) {
    boolean unhandled;
    synchronized (this) {
      unhandled = closed == channel && (stage == Stage.CONSUMING || stage == Stage.DELIVERED);
    }
    if (unhandled) {
      fail(signal);
    }
  }

  private void fail(Exception failure) {
    owner.forget(routes);
    if (result.completeExceptionally(
        new BrokerUnavailable("the broker cannot serve polls now; try again"))) {
      LOG.info("Cannot take messages for {}: {}; the poll fails", routes, Channels.reason(failure));
    }
    end();
  }

  /** Ends the session unless messages have been delivered. */
  void endIfWaiting() {
    synchronized (this) {
      if (stage == Stage.DELIVERED) {
        return;
      }
    }
    end();
  }

  /** Closes the channel; the broker requeues unsettled messages. */
  void end() {
    Channel open;
    synchronized (this) {
      open = channel;
      channel = null;
      stage = Stage.ENDED;
    }
    owner.ended(this);
    Channels.discard(open);
    result.complete(List.of());
  }
}

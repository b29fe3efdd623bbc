package dev.docket.rabbit.poll;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.TaskQueue.Taken;
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
 * One poll, on a channel of its own. It takes what is there; where nothing is it listens until the
 * first comes. Closing the channel gives back whatever is still held, so that is what every trouble
 * ends in.
 *
 * <p>Its steps run in the pool of {@link RabbitTaskQueue}.
 */
final class PollSession {

  private static final Logger LOG = LoggerFactory.getLogger(PollSession.class);

  private enum Stage {
    /** A step is asking the broker, and will itself see what goes wrong. */
    ASKING,
    LISTENING,
    HANDED,
    OVER
  }

  private final RabbitTaskQueue owner;
  private final Connection connection;
  private final List<Route> routes;
  private final int max;
  private final long until;
  private final CompletableFuture<List<Taken>> answer = new CompletableFuture<>();

  /** Guarded by this, as is all below. */
  private Stage stage = Stage.ASKING;

  private int unsettled;
  private @Nullable Channel channel;
  private @Nullable FirstMessageConsumer listening;

  PollSession(
      RabbitTaskQueue owner, Connection connection, List<Route> routes, int max, Duration wait) {
    this.owner = owner;
    this.connection = connection;
    this.routes = routes;
    this.max = max;
    this.until = System.nanoTime() + wait.toNanos();
  }

  CompletableFuture<List<Taken>> answer() {
    return answer;
  }

  /** The first step. */
  void begin() {
    var unused =
        answer.whenComplete(
            (taken, failure) -> {
              if (answer.isCancelled()) {
                owner.inPool(this::end);
              }
            });
    try {
      takeAvailable();
    } catch (IOException | TimeoutException | RuntimeException failed) {
      fail(failed);
    }
  }

  private void takeAvailable() throws IOException, TimeoutException {
    boolean known = owner.declare(connection, routes);
    try {
      takeOrListen(open());
    } catch (IOException | ShutdownSignalException failed) {
      if (!known || !connection.isOpen()) {
        throw failed;
      }
      // Somebody has deleted a queue since it was declared.
      owner.forget(routes);
      owner.declare(connection, routes);
      takeOrListen(open());
    }
  }

  private Channel open() throws IOException {
    Channel opened = Channels.open(connection);
    Channel useless;
    synchronized (this) {
      useless = stage == Stage.OVER ? opened : channel;
      if (stage != Stage.OVER) {
        channel = opened;
      }
    }
    Channels.discard(useless);
    opened.addShutdownListener(why -> owner.inPool(() -> closed(opened, why)));
    return opened;
  }

  private void takeOrListen(Channel on) throws IOException {
    List<PolledMessage> best = queues(on).take(max, List.of());
    if (!best.isEmpty() || left().isZero()) {
      hand(on, best);
    } else {
      listen(on);
    }
  }

  private PriorityQueueReader queues(Channel on) {
    return new PriorityQueueReader(on, owner.topology(), routes);
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
  }

  private void listen(Channel on) throws IOException {
    FirstMessageConsumer ear =
        new FirstMessageConsumer(
            on,
            queues(on),
            () -> owner.inPool(this::stopListening),
            () -> owner.inPool(() -> fail(new IOException("a queue has been deleted"))));
    ear.start(owner.topology(), routes);
    synchronized (this) {
      listening = ear;
      if (!enter(Stage.LISTENING)) {
        return;
      }
    }
    if (ear.arm() || !on.isOpen()) {
      stopListening();
    } else {
      owner.later(left(), this::stopListening);
    }
  }

  private void stopListening() {
    FirstMessageConsumer ear;
    Channel on;
    synchronized (this) {
      ear = listening;
      on = channel;
      if (stage != Stage.LISTENING || ear == null || on == null) {
        return;
      }
      stage = Stage.ASKING;
    }
    try {
      hand(on, queues(on).take(max, ear.stop()));
    } catch (IOException | RuntimeException failed) {
      fail(failed);
    }
  }

  private void hand(Channel on, List<PolledMessage> best) {
    synchronized (this) {
      unsettled = best.size();
      if (!enter(Stage.HANDED)) {
        return;
      }
    }
    List<Taken> taken = new ArrayList<>();
    best.forEach(held -> taken.add(new PolledDelivery(this, held)));
    boolean wanted = answer.complete(List.copyOf(taken));
    if (!wanted || taken.isEmpty() || !on.isOpen()) {
      end();
      return;
    }
    owner.later(owner.limits().settle(), this::end);
  }

  /** Does not wait for the broker. */
  void settle(PolledMessage held, boolean acknowledge) {
    owner.inPool(() -> settleNow(held, acknowledge));
  }

  private void settleNow(PolledMessage held, boolean acknowledge) {
    Channel on;
    synchronized (this) {
      on = channel;
    }
    if (on == null) {
      return;
    }
    try {
      if (acknowledge) {
        queues(on).acknowledge(held);
      } else {
        queues(on).giveBack(held);
      }
    } catch (IOException | ShutdownSignalException gone) {
      LOG.debug("the message of {} is back in its queue already", held.run(), gone);
    }
    // Only now: the last one closes the channel, and what others had not settled would come back.
    boolean last;
    synchronized (this) {
      unsettled--;
      last = unsettled == 0;
    }
    if (last) {
      end();
    }
  }

  /** False if it is over. */
  private synchronized boolean enter(Stage next) {
    if (stage == Stage.OVER) {
      return false;
    }
    stage = next;
    return true;
  }

  private void closed(Channel which, ShutdownSignalException why) {
    boolean unnoticed;
    synchronized (this) {
      unnoticed = which == channel && (stage == Stage.LISTENING || stage == Stage.HANDED);
    }
    if (unnoticed) {
      fail(why);
    }
  }

  private void fail(Exception why) {
    owner.forget(routes);
    if (answer.completeExceptionally(
        new BrokerUnavailable("the broker cannot be asked for tasks now"))) {
      LOG.info("cannot take from {}: {}", routes, Channels.why(why));
    }
    end();
  }

  /** Nothing was handed out, and nothing will be. */
  void endIfWaiting() {
    synchronized (this) {
      if (stage == Stage.HANDED) {
        return;
      }
    }
    end();
  }

  /** What is still held goes back. */
  void end() {
    Channel open;
    synchronized (this) {
      open = channel;
      channel = null;
      stage = Stage.OVER;
    }
    owner.ended(this);
    Channels.discard(open);
    answer.complete(List.of());
  }
}

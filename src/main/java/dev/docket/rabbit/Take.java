package dev.docket.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.task.Route;
import dev.docket.worker.BrokerUnavailable;
import dev.docket.worker.TaskQueue.Taken;
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
 * One poll, on a channel of its own. It takes what is there; where nothing is it listens, to one
 * message of each queue, until the first comes. Closing the channel gives back whatever is still
 * held, so that is what every trouble ends in.
 *
 * <p>Its steps run in the pool of {@link RabbitTaskQueue}, one at a time.
 */
final class Take {

  private static final Logger log = LoggerFactory.getLogger(Take.class);
  private static final boolean AUTO_ACK = true;

  private enum Stage {
    /** A step is asking the broker, and will itself see what goes wrong. */
    ASKING,
    /** The same, and what comes by itself is kept. */
    TUNING,
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
  private final List<String> consumers = new ArrayList<>();

  /** What came while listening. Guarded by this, as is all below. */
  private final List<Held> heard = new ArrayList<>();

  private Stage stage = Stage.ASKING;
  private int unsettled;
  private @Nullable Channel channel;

  Take(RabbitTaskQueue owner, Connection connection, List<Route> routes, int max, Duration wait) {
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
      look();
    } catch (IOException | TimeoutException | ShutdownSignalException failed) {
      fail(failed);
    }
  }

  private void look() throws IOException, TimeoutException {
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
    Channel before;
    synchronized (this) {
      before = channel;
      channel = opened;
    }
    Channels.discard(before);
    opened.addShutdownListener(why -> owner.inPool(() -> closed(opened, why)));
    return opened;
  }

  private void takeOrListen(Channel on) throws IOException {
    List<Held> best = queues(on).take(max, List.of());
    if (!best.isEmpty() || left().isZero()) {
      hand(on, best);
    } else {
      listen(on);
    }
  }

  private BestFirst queues(Channel on) {
    return new BestFirst(on, owner.topology(), routes);
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
  }

  private void listen(Channel on) throws IOException {
    if (!enter(Stage.TUNING)) {
      return;
    }
    on.basicQos(1);
    for (Route route : routes) {
      String queue = owner.topology().workerQueue(route);
      consumers.add(on.basicConsume(queue, !AUTO_ACK, new Ear(on, route)));
    }
    boolean something;
    synchronized (this) {
      if (!enter(Stage.LISTENING)) {
        return;
      }
      something = !heard.isEmpty();
    }
    if (something || !on.isOpen()) {
      stopListening();
    } else {
      owner.later(left(), this::stopListening);
    }
  }

  /** What comes too late goes back at once. */
  private void heard(Channel on, Held held) {
    synchronized (this) {
      if (stage == Stage.TUNING || stage == Stage.LISTENING) {
        heard.add(held);
        if (stage == Stage.LISTENING && heard.size() == 1) {
          owner.inPool(this::stopListening);
        }
        return;
      }
    }
    try {
      queues(on).giveBack(held);
    } catch (IOException | ShutdownSignalException gone) {
      log.debug("the message of {} is back in its queue already", held.run(), gone);
    }
  }

  private void stopListening() {
    List<Held> inHand;
    Channel on;
    synchronized (this) {
      on = channel;
      if (stage != Stage.LISTENING || on == null) {
        return;
      }
      stage = Stage.ASKING;
      inHand = List.copyOf(heard);
    }
    try {
      for (String consumer : consumers) {
        on.basicCancel(consumer);
      }
      hand(on, queues(on).take(max, inHand));
    } catch (IOException | ShutdownSignalException failed) {
      fail(failed);
    }
  }

  private void hand(Channel on, List<Held> best) {
    synchronized (this) {
      unsettled = best.size();
      if (!enter(Stage.HANDED)) {
        return;
      }
    }
    List<Taken> taken = new ArrayList<>();
    best.forEach(held -> taken.add(new InHand(this, held)));
    boolean wanted = answer.complete(List.copyOf(taken));
    if (!wanted || taken.isEmpty() || !on.isOpen()) {
      end();
      return;
    }
    owner.later(owner.limits().settle(), this::end);
  }

  /** Does not wait for the broker. */
  void settle(Held held, boolean acknowledge) {
    owner.inPool(() -> settleNow(held, acknowledge));
  }

  private void settleNow(Held held, boolean acknowledge) {
    Channel on;
    boolean last;
    synchronized (this) {
      on = channel;
      unsettled--;
      last = unsettled == 0;
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
      log.debug("the message of {} is back in its queue already", held.run(), gone);
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
    log.debug("cannot take from {}", routes, why);
    owner.forget(routes);
    answer.completeExceptionally(
        new BrokerUnavailable("the broker cannot be asked for tasks: " + Channels.why(why)));
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

  /** Listens on one queue, on a thread of the connection. */
  private final class Ear extends DefaultConsumer {
    private final Channel on;
    private final Route route;

    private Ear(Channel on, Route route) {
      super(on);
      this.on = on;
      this.route = route;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      Held held = queues(on).read(route, envelope.getDeliveryTag(), properties);
      if (held != null) {
        heard(on, held);
      }
    }

    @Override
    public void handleCancel(String consumer) {
      owner.inPool(() -> fail(new IOException("the queue of " + route + " has gone")));
    }
  }
}

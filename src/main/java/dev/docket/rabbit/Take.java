package dev.docket.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.task.Route;
import dev.docket.wire.RunId;
import dev.docket.worker.BrokerUnavailable;
import dev.docket.worker.TaskQueue.Taken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll, on a channel of its own: it looks at the first message of each queue and takes the best
 * until it has enough. Where there is none it listens, one message for each queue, until the first
 * comes. Closing the channel gives back whatever is still held, so that is what every trouble ends
 * in.
 *
 * <p>Its steps run in the pool of {@link RabbitTaskQueue}; only {@link #heard} does not.
 */
final class Take {

  private static final Logger log = LoggerFactory.getLogger(Take.class);
  private static final boolean AUTO_ACK = true;
  private static final boolean REQUEUE = true;
  private static final boolean MULTIPLE = true;

  private final RabbitTaskQueue owner;
  private final Connection connection;
  private final List<Route> routes;
  private final int max;
  private final long until;
  private final CompletableFuture<List<Taken>> answer = new CompletableFuture<>();

  /** What came while listening. Guarded by this, as are the next three. */
  private final List<Held> heard = new ArrayList<>();

  private boolean listening;
  private int unsettled;
  private @Nullable Channel channel;
  private final List<String> consumers = new CopyOnWriteArrayList<>();

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
    boolean allKnown = owner.declared().containsAll(routes);
    declareUnknown();
    Channel first = open();
    try {
      handOrListen(first);
    } catch (IOException | ShutdownSignalException failed) {
      if (!allKnown || !connection.isOpen()) {
        throw failed;
      }
      // Somebody has deleted a queue since it was declared.
      routes.forEach(owner.declared()::remove);
      declareUnknown();
      handOrListen(open());
    }
  }

  private void declareUnknown() throws IOException, TimeoutException {
    for (Route route : routes) {
      if (!owner.declared().contains(route)) {
        owner.topology().declareWorkerQueue(connection, route);
        owner.declared().add(route);
      }
    }
  }

  private Channel open() throws IOException {
    Channel opened = Channels.open(connection);
    synchronized (this) {
      channel = opened;
    }
    opened.addShutdownListener(why -> owner.inPool(() -> closed(opened, why)));
    return opened;
  }

  private void handOrListen(Channel on) throws IOException {
    List<Held> best = best(on, List.of());
    if (!best.isEmpty() || left().isZero()) {
      hand(best);
    } else {
      listen(on);
    }
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
  }

  /** The first messages of all queues, in order of priority, and no more than are wanted. */
  private List<Held> best(Channel from, List<Held> inHand) throws IOException {
    PriorityQueue<Held> firsts = new PriorityQueue<>(inHand);
    for (Route route : routes) {
      if (inHand.stream().noneMatch(held -> held.route().equals(route))) {
        next(from, route, firsts);
      }
    }
    List<Held> best = new ArrayList<>();
    Held first = firsts.poll();
    while (first != null) {
      best.add(first);
      if (best.size() == max) {
        break;
      }
      next(from, first.route(), firsts);
      first = firsts.poll();
    }
    for (Held unwanted : firsts) {
      from.basicNack(unwanted.tag(), !MULTIPLE, REQUEUE);
    }
    return best;
  }

  private void next(Channel from, Route route, PriorityQueue<Held> firsts) throws IOException {
    String queue = owner.topology().workerQueue(route);
    Held held = null;
    GetResponse got;
    do {
      got = from.basicGet(queue, !AUTO_ACK);
      if (got != null) {
        held = readable(from, route, got.getEnvelope().getDeliveryTag(), got.getProps());
      }
    } while (got != null && held == null);
    if (held != null) {
      firsts.add(held);
    }
  }

  private static @Nullable Held readable(
      Channel from, Route route, long tag, AMQP.BasicProperties properties) throws IOException {
    Held held = Held.of(route, tag, properties).orElse(null);
    if (held == null) {
      // Not from Docket, so there is no task that waits for it.
      log.warn(
          "a message for {} names no run and is dropped: correlation id '{}'",
          route,
          properties.getCorrelationId());
      from.basicReject(tag, !REQUEUE);
    }
    return held;
  }

  private void listen(Channel on) throws IOException {
    synchronized (this) {
      listening = true;
    }
    on.basicQos(1);
    for (Route route : routes) {
      String queue = owner.topology().workerQueue(route);
      consumers.add(on.basicConsume(queue, !AUTO_ACK, new Ear(on, route)));
    }
    owner.later(left(), this::stopListening);
  }

  /** What comes too late goes back at once. */
  private void heard(Channel on, Held held) throws IOException {
    synchronized (this) {
      if (listening) {
        heard.add(held);
        if (heard.size() == 1) {
          owner.inPool(this::stopListening);
        }
        return;
      }
    }
    on.basicNack(held.tag(), !MULTIPLE, REQUEUE);
  }

  private void stopListening() {
    List<Held> inHand;
    Channel on;
    synchronized (this) {
      on = channel;
      if (!listening || on == null) {
        return;
      }
      listening = false;
      inHand = List.copyOf(heard);
    }
    try {
      for (String consumer : consumers) {
        on.basicCancel(consumer);
      }
      hand(best(on, inHand));
    } catch (IOException | ShutdownSignalException failed) {
      fail(failed);
    }
  }

  private void hand(List<Held> best) {
    synchronized (this) {
      unsettled = best.size();
    }
    List<Taken> taken = new ArrayList<>();
    best.forEach(held -> taken.add(new InHand(this, held)));
    boolean wanted = answer.complete(List.copyOf(taken));
    if (!wanted || taken.isEmpty()) {
      end();
      return;
    }
    owner.later(owner.limits().settle(), this::end);
  }

  private void settle(Held held, boolean acknowledge) {
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
        on.basicAck(held.tag(), !MULTIPLE);
      } else {
        on.basicNack(held.tag(), !MULTIPLE, REQUEUE);
      }
    } catch (IOException | ShutdownSignalException gone) {
      log.debug("the message of {} is back in its queue already", held.run(), gone);
    }
    if (last) {
      end();
    }
  }

  private void fail(Exception why) {
    log.debug("cannot take from {}", routes, why);
    routes.forEach(owner.declared()::remove);
    answer.completeExceptionally(
        new BrokerUnavailable("the broker cannot be asked for tasks: " + Channels.why(why)));
    end();
  }

  private void closed(Channel which, ShutdownSignalException why) {
    synchronized (this) {
      if (which != channel) {
        return;
      }
    }
    fail(why);
  }

  /** What is still held goes back. */
  void end() {
    Channel open;
    synchronized (this) {
      open = channel;
      channel = null;
      listening = false;
    }
    owner.ended(this);
    Channels.discard(open);
    answer.complete(List.of());
  }

  /** Listens on one queue, on a thread of the connection. */
  private final class Ear extends DefaultConsumer {
    private final Route route;

    private Ear(Channel on, Route route) {
      super(on);
      this.route = route;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      Held held = readable(getChannel(), route, envelope.getDeliveryTag(), properties);
      if (held != null) {
        heard(getChannel(), held);
      }
    }

    @Override
    public void handleCancel(String consumer) {
      owner.inPool(() -> fail(new IOException("the queue of " + route + " has gone")));
    }
  }

  /** A message that was handed over. */
  private static final class InHand implements Taken {
    private final Take take;
    private final Held held;
    private final AtomicBoolean settled = new AtomicBoolean();

    private InHand(Take take, Held held) {
      this.take = take;
      this.held = held;
    }

    @Override
    public RunId run() {
      return held.run();
    }

    @Override
    public void acknowledge() {
      settle(true);
    }

    @Override
    public void giveBack() {
      settle(false);
    }

    private void settle(boolean acknowledge) {
      if (settled.compareAndSet(false, true)) {
        take.owner.inPool(() -> take.settle(held, acknowledge));
      }
    }

    @Override
    public String toString() {
      return "InHand[" + held.run().task() + "]";
    }
  }
}

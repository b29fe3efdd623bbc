package dev.docket.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.task.TaskCourier.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes with confirmations: whatever it accepts gets an outcome, and says {@link
 * Sent#CONFIRMED} only of what the broker has. A message may be published twice, never zero times.
 *
 * <p>The caller never waits. One thread writes, and may be held up by the broker; another tells the
 * outcomes; a third gives up what has become too old.
 */
final class RabbitSender implements RabbitLink.Part {

  private static final Logger log = LoggerFactory.getLogger(RabbitSender.class);
  private static final boolean MANDATORY = true;
  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofMinutes(1);
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final RabbitLink link;
  private final RabbitTopology topology;
  private final Unconfirmed unconfirmed;
  private final ExecutorService outcomes =
      Executors.newSingleThreadExecutor(new NamedThreads("outcomes"));
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(new NamedThreads("clock"));
  private final Thread writer = new NamedThreads("writer").newThread(this::write);

  private final Object lock = new Object();
  private @Nullable Connection connection;
  private long pauseUntil = System.nanoTime();
  private long silentUntil = System.nanoTime();
  private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
  private boolean stopped;

  RabbitSender(RabbitLink link, RabbitTopology topology, int maxUnconfirmed) {
    this.link = link;
    this.topology = topology;
    this.unconfirmed = new Unconfirmed(maxUnconfirmed, MOST_BYTES);
  }

  void start() {
    writer.start();
    var unused =
        clock.scheduleWithFixedDelay(
            () -> tell(unconfirmed.expire(System.nanoTime())),
            LOOK.toMillis(),
            LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Whether a message would be accepted now. */
  boolean ready() {
    return link.takesMessages() && unconfirmed.hasRoom();
  }

  /** How many messages have no outcome yet. */
  int unconfirmed() {
    return unconfirmed.size();
  }

  /** Never blocks; completes on the thread of outcomes, or at once with NOT_NOW. */
  CompletionStage<Sent> send(Parcel parcel) {
    if (!link.takesMessages()) {
      return CompletableFuture.completedStage(Sent.NOT_NOW);
    }
    synchronized (lock) {
      Shipment shipment = stopped ? null : unconfirmed.accept(parcel, System.nanoTime());
      if (shipment == null) {
        return CompletableFuture.completedStage(Sent.NOT_NOW);
      }
      lock.notifyAll();
      return shipment.answer();
    }
  }

  @Override
  public void up(Connection fresh) {
    synchronized (lock) {
      connection = fresh;
      lock.notifyAll();
    }
  }

  @Override
  public void down() {
    synchronized (lock) {
      connection = null;
    }
  }

  private void write() {
    Writing writing = null;
    try {
      while (true) {
        Connection usable = awaitWork();
        try {
          if (writing == null || !writing.channel().isOpen()) {
            writing = open(usable, writing != null);
          }
          writeNext(writing);
        } catch (IOException | TimeoutException | ShutdownSignalException lost) {
          // What was written on it goes out again on the next one.
          giveUp(writing, lost);
          pause();
        }
      }
    } catch (InterruptedException stopping) {
      giveUp(writing, stopping);
    }
  }

  /** A channel, under the number that its confirmations are known by. */
  private record Writing(Channel channel, int number) {}

  private Connection awaitWork() throws InterruptedException {
    synchronized (lock) {
      while (true) {
        if (stopped) {
          throw new InterruptedException();
        }
        Connection usable = connection;
        long rest = pauseUntil - System.nanoTime();
        if (usable != null && unconfirmed.isWaiting() && rest <= 0) {
          return usable;
        }
        lock.wait(usable != null && rest > 0 ? rest / 1_000_000 + 1 : 0);
      }
    }
  }

  private Writing open(Connection usable, boolean again) throws IOException, TimeoutException {
    if (again) {
      // It may have been closed because an exchange is gone.
      topology.declare(usable);
    }
    Channel channel = Channels.open(usable);
    channel.confirmSelect();
    int number = unconfirmed.newChannel();
    channel.addReturnListener(
        (code, text, exchange, key, properties, body) -> returned(properties.getMessageId()));
    channel.addConfirmListener(
        (tag, multiple) -> confirmed(number, tag, multiple),
        (tag, multiple) -> unconfirmed.refused(number, tag, multiple, System.nanoTime()));
    channel.addShutdownListener(why -> closed(number, why));
    return new Writing(channel, number);
  }

  private void writeNext(Writing writing) throws IOException {
    Shipment next = unconfirmed.next();
    if (next == null) {
      return;
    }
    Channel channel = writing.channel();
    unconfirmed.writing(writing.number(), channel.getNextPublishSeqNo(), next);
    Parcel parcel = next.parcel();
    try {
      channel.basicPublish(
          parcel.exchange(), parcel.routingKey(), MANDATORY, parcel.properties(), parcel.body());
    } catch (ShutdownSignalException lost) {
      throw lost;
    } catch (RuntimeException unwritable) {
      log.error("a message for {} cannot be written", parcel.routingKey(), unwritable);
      if (unconfirmed.giveUp(next)) {
        tell(List.of(next));
      }
      // The client has counted it and the broker has not: their numbers no longer agree.
      throw new IOException("unwritable message", unwritable);
    }
  }

  private void confirmed(int number, long tag, boolean multiple) {
    tell(unconfirmed.confirmed(number, tag, multiple));
    synchronized (lock) {
      backoff.reset();
    }
  }

  private void returned(@Nullable String messageId) {
    Shipment shipment = messageId == null ? null : unconfirmed.returned(messageId);
    if (shipment != null) {
      tell(List.of(shipment));
    }
  }

  private void closed(int number, ShutdownSignalException why) {
    boolean byBroker = !why.isHardError() && !why.isInitiatedByApplication();
    if (byBroker) {
      complain(Channels.why(why));
      pause();
    }
    tell(unconfirmed.closed(number, byBroker));
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  /** Not more than once a minute: a message may do it again and again. */
  private void complain(String why) {
    synchronized (lock) {
      long now = System.nanoTime();
      if (now - silentUntil < 0) {
        return;
      }
      silentUntil = now + SILENCE.toNanos();
    }
    log.warn("the broker closed the channel for publishing: {}", why);
  }

  private void giveUp(@Nullable Writing writing, Exception why) {
    if (writing == null) {
      return;
    }
    log.debug("giving up the channel for publishing: {}", Channels.why(why));
    Channels.discard(writing.channel());
    tell(unconfirmed.closed(writing.number(), false));
  }

  private void pause() {
    synchronized (lock) {
      pauseUntil = System.nanoTime() + backoff.next().toNanos();
    }
  }

  private void tell(Collection<Shipment> decided) {
    for (Shipment shipment : decided) {
      try {
        outcomes.execute(() -> tell(shipment));
      } catch (RejectedExecutionException stopping) {
        tell(shipment);
      }
    }
  }

  private void tell(Shipment shipment) {
    Sent outcome = shipment.outcome();
    try {
      shipment.answer().complete(outcome == null ? Sent.NOT_NOW : outcome);
    } finally {
      unconfirmed.told(shipment);
    }
  }

  /** Waits a little for what is under way; the rest is {@link Sent#NOT_NOW}. */
  void stop() {
    awaitLastConfirms();
    synchronized (lock) {
      stopped = true;
      lock.notifyAll();
    }
    clock.shutdownNow();
    writer.interrupt();
    tell(unconfirmed.giveUpAll());
    outcomes.shutdown();
    try {
      if (!outcomes.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("whoever hears of the last messages' outcomes takes long");
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitLastConfirms() {
    long until = System.nanoTime() + LAST_WAIT.toNanos();
    try {
      while (link.takesMessages() && unconfirmed.size() > 0 && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}

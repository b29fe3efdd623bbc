package dev.docket.rabbit.publish;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.TaskCourier.Sent;
import dev.docket.rabbit.connection.Backoff;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.Loop;
import dev.docket.rabbit.connection.NamedThreads;
import dev.docket.rabbit.connection.RabbitLink;
import dev.docket.rabbit.connection.RabbitTopology;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
public final class RabbitSender implements RabbitLink.Part {

  private static final Logger log = LoggerFactory.getLogger(RabbitSender.class);
  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofMinutes(1);
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final RabbitLink link;
  private final RabbitTopology topology;
  private final Unconfirmed unconfirmed;
  private final Outcomes outcomes;
  private final Loop clock = new Loop("clock");
  private final Thread writer = new NamedThreads("writer").newThread(this::write);

  /** Guards all below. */
  private final Object lock = new Object();

  private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
  private @Nullable Connection connection;
  private long pauseUntil = System.nanoTime();
  private long silentUntil = System.nanoTime();
  private boolean stopped;

  public RabbitSender(RabbitLink link, RabbitTopology topology, int maxUnconfirmed) {
    this.link = link;
    this.topology = topology;
    this.unconfirmed = new Unconfirmed(maxUnconfirmed, MOST_BYTES);
    this.outcomes = new Outcomes(unconfirmed);
  }

  public void start() {
    writer.start();
    clock.each(LOOK, () -> outcomes.tell(unconfirmed.expire(System.nanoTime())));
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
    ConfirmingChannel channel = null;
    try {
      while (true) {
        Connection usable = awaitWork();
        try {
          if (channel == null || !channel.isOpen()) {
            channel = open(usable, channel != null);
          }
          Shipment next = unconfirmed.next();
          if (next != null) {
            channel.write(next);
          }
        } catch (IOException | TimeoutException | RuntimeException failed) {
          log.debug("the channel for publishing is of no use", failed);
          if (channel != null) {
            channel.discard();
          }
          pause();
        }
      }
    } catch (InterruptedException stopping) {
      if (channel != null) {
        channel.discard();
      }
    }
  }

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

  private ConfirmingChannel open(Connection usable, boolean again)
      throws IOException, TimeoutException {
    if (again) {
      // The one before may have been closed because an exchange is gone.
      topology.declare(usable);
    }
    return ConfirmingChannel.open(usable, unconfirmed, outcomes, this::confirmed, this::closed);
  }

  private void confirmed() {
    synchronized (lock) {
      backoff.reset();
    }
  }

  private void closed(ShutdownSignalException why) {
    if (ConfirmingChannel.byBroker(why)) {
      complain(Channels.why(why));
      pause();
    }
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

  private void pause() {
    synchronized (lock) {
      pauseUntil = System.nanoTime() + backoff.next().toNanos();
    }
  }

  /** Waits a little for what is under way; the rest is {@link Sent#NOT_NOW}. */
  public void stop() {
    awaitLastConfirms();
    synchronized (lock) {
      stopped = true;
      lock.notifyAll();
    }
    clock.end();
    writer.interrupt();
    outcomes.tell(unconfirmed.giveUpAll());
    outcomes.stop(LAST_WAIT);
  }

  private void awaitLastConfirms() {
    long until = System.nanoTime() + LAST_WAIT.toNanos();
    try {
      while (link.takesMessages() && unconfirmed.size() > 0 && System.nanoTime() - until < 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}

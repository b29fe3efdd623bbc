package dev.docket.rabbit.publish;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.rabbit.connection.Backoff;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.NamedThreads;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.connection.SerialExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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
public final class ConfirmedPublisher implements RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(ConfirmedPublisher.class);
  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final Duration EXPIRY_CHECK_INTERVAL = Duration.ofMillis(50);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

  private final RabbitConnection link;
  private final RabbitTopology topology;
  private final UnconfirmedMessages unconfirmed;
  private final ExecutorService outcomes =
      Executors.newSingleThreadExecutor(new NamedThreads("outcomes"));
  private final SerialExecutor clock = new SerialExecutor("clock");
  private final Thread writer = new NamedThreads("writer").newThread(this::write);

  /** Guards all below. */
  private final Object lock = new Object();

  private final Backoff backoff = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
  private @Nullable Connection connection;
  private long pauseUntil = System.nanoTime();
  private long silentUntil = System.nanoTime();
  private boolean stopped;

  public ConfirmedPublisher(RabbitConnection link, RabbitTopology topology, int maxUnconfirmed) {
    this.link = link;
    this.topology = topology;
    this.unconfirmed = new UnconfirmedMessages(maxUnconfirmed, MAX_BYTES);
  }

  public void start() {
    writer.start();
    clock.each(EXPIRY_CHECK_INTERVAL, () -> complete(unconfirmed.expire(System.nanoTime())));
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
  CompletionStage<Sent> send(OutboundMessage message) {
    if (!link.takesMessages()) {
      return CompletableFuture.completedStage(Sent.NOT_NOW);
    }
    synchronized (lock) {
      if (stopped || !unconfirmed.accept(message, System.nanoTime())) {
        return CompletableFuture.completedStage(Sent.NOT_NOW);
      }
      lock.notifyAll();
      return message.result();
    }
  }

  @Override
  public void connected(Connection fresh) {
    synchronized (lock) {
      connection = fresh;
      lock.notifyAll();
    }
  }

  @Override
  public void disconnected() {
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
          OutboundMessage next = unconfirmed.next();
          if (next != null) {
            channel.write(next);
          }
        } catch (IOException | TimeoutException | RuntimeException failed) {
          LOG.debug("the channel for publishing is of no use", failed);
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
    return ConfirmingChannel.open(
        usable, unconfirmed, this::complete, this::confirmed, this::closed);
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
      silentUntil = now + WARNING_INTERVAL.toNanos();
    }
    LOG.warn("the broker closed the channel for publishing: {}", why);
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
    complete(unconfirmed.giveUpAll());
    awaitOutcomes();
  }

  private void awaitLastConfirms() {
    long until = System.nanoTime() + SHUTDOWN_TIMEOUT.toNanos();
    try {
      while (link.takesMessages() && unconfirmed.size() > 0 && System.nanoTime() - until < 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes messages whose outcome is decided, on a thread of its own: callers may take long. */
  private void complete(Collection<OutboundMessage> decided) {
    for (OutboundMessage message : decided) {
      try {
        outcomes.execute(() -> complete(message));
      } catch (RejectedExecutionException stopping) {
        complete(message);
      }
    }
  }

  private void complete(OutboundMessage message) {
    Sent outcome = message.outcome();
    try {
      message.result().complete(outcome == null ? Sent.NOT_NOW : outcome);
    } finally {
      unconfirmed.completed(message);
    }
  }

  private void awaitOutcomes() {
    outcomes.shutdown();
    try {
      if (!outcomes.awaitTermination(SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "Callers have not processed the outcomes of the last messages after {}; stopping",
            SHUTDOWN_TIMEOUT);
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.docket.rabbit.publish;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.concurrent.Backoff;
import dev.docket.concurrent.NamedThreads;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.connection.SerialExecutor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
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
 * Publishes messages with publisher confirms, at least once. Every accepted message gets an
 * outcome, and {@link PublishOutcome#CONFIRMED} only if the broker has confirmed it. A message may
 * be published more than once, because unconfirmed messages are republished after a lost channel.
 *
 * <p>Callers never block. One thread writes messages, and may be blocked by the broker; a second
 * one completes the callers' futures; a third one expires old messages.
 */
public final class ConfirmedPublisher implements RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(ConfirmedPublisher.class);
  private static final long MAX_BYTES = 64L * 1024 * 1024;
  private static final Duration EXPIRY_CHECK_INTERVAL = Duration.ofMillis(50);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

  /** Longer than a rejected message waits for its return. */
  private static final Duration MAX_SILENCE = UnconfirmedMessages.RETURN_GRACE.plusSeconds(3);

  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

  private final RabbitConnection rabbitConnection;
  private final RabbitTopology topology;
  private final UnconfirmedMessages unconfirmed;
  private final RejectedDestinations rejections = new RejectedDestinations();
  private final Clock clock;
  private final ExecutorService completionExecutor =
      Executors.newSingleThreadExecutor(new NamedThreads("docket-rabbit-publish-completion"));
  private final SerialExecutor timer = new SerialExecutor("publish-timer");
  private final Thread writer =
      new NamedThreads("docket-rabbit-publish-writer").newThread(this::write);

  private final WarningLimit rejectionWarnings = new WarningLimit();
  private final WarningLimit channelWarnings = new WarningLimit();

  /** Guards the fields below. */
  private final Object lock = new Object();

  private final Backoff backoff = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
  private @Nullable Connection connection;
  private long pauseUntil = System.nanoTime();
  private boolean stopped;

  /** When the broker last confirmed or rejected a message, or when nothing was left to confirm. */
  private volatile long lastResponse = System.nanoTime();

  public ConfirmedPublisher(
      RabbitConnection rabbitConnection, RabbitTopology topology, int maxUnconfirmed, Clock clock) {
    this.clock = clock;
    this.rabbitConnection = rabbitConnection;
    this.topology = topology;
    this.unconfirmed = new UnconfirmedMessages(maxUnconfirmed, MAX_BYTES);
  }

  public void start() {
    writer.start();
    timer.scheduleWithFixedDelay(
        EXPIRY_CHECK_INTERVAL,
        () -> {
          Collection<UnconfirmedMessage> expired = unconfirmed.expire(System.nanoTime());
          expired.stream().filter(message -> message.rejected).forEach(this::rejected);
          complete(expired);
        });
  }

  private void rejected(UnconfirmedMessage message) {
    rejections.rejected(message.destination(), clock.instant());
    if (rejectionWarnings.allows()) {
      LOG.warn(
          "The broker rejects messages for {}: a queue is full and rejects further messages"
              + " (overflow reject-publish), or cannot store them; publishing them again later",
          message.destination().routingKey());
    }
  }

  /** When the broker rejected the latest message to a destination; empty if it accepted it. */
  public Optional<Instant> rejectedAt(Destination destination) {
    return rejections.at(destination);
  }

  /**
   * How long the broker has confirmed nothing although messages wait for that; empty if it confirms
   * them in time.
   */
  public Optional<Duration> silence() {
    Duration silent = Duration.ofNanos(System.nanoTime() - lastResponse);
    return rabbitConnection.canPublish()
            && unconfirmed.size() > 0
            && silent.compareTo(MAX_SILENCE) > 0
        ? Optional.of(silent)
        : Optional.empty();
  }

  /** Whether a message would be accepted now. */
  boolean ready() {
    return rabbitConnection.canPublish() && unconfirmed.hasRoom();
  }

  /** The number of messages that have no outcome yet. */
  int unconfirmed() {
    return unconfirmed.size();
  }

  /**
   * Publishes a message; never blocks. The stage completes on the completion thread, or immediately
   * with {@link PublishOutcome#NOT_NOW} if the message is not accepted.
   */
  CompletionStage<PublishOutcome> publish(OutboundMessage outbound) {
    if (!rabbitConnection.canPublish()) {
      return CompletableFuture.completedStage(PublishOutcome.NOT_NOW);
    }
    synchronized (lock) {
      if (unconfirmed.size() == 0) {
        lastResponse = System.nanoTime();
      }
      UnconfirmedMessage message = new UnconfirmedMessage(outbound, UUID.randomUUID().toString());
      if (stopped || !unconfirmed.accept(message, System.nanoTime())) {
        return CompletableFuture.completedStage(PublishOutcome.NOT_NOW);
      }
      lock.notifyAll();
      return message.future;
    }
  }

  @Override
  public void connected(Connection newConnection) {
    synchronized (lock) {
      connection = newConnection;
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
        Connection current = awaitMessage();
        try {
          if (channel == null || !channel.isOpen()) {
            channel = openChannel(current, channel != null);
          }
          UnconfirmedMessage next = unconfirmed.next();
          if (next != null) {
            channel.write(next);
          }
        } catch (IOException | TimeoutException | RuntimeException e) {
          LOG.debug("Publishing failed; opening a new channel", e);
          if (channel != null) {
            channel.discard();
          }
          pause();
        }
      }
    } catch (InterruptedException e) {
      if (channel != null) {
        channel.discard();
      }
    }
  }

  private Connection awaitMessage() throws InterruptedException {
    synchronized (lock) {
      while (true) {
        if (stopped) {
          throw new InterruptedException();
        }
        Connection current = connection;
        long pause = pauseUntil - System.nanoTime();
        if (current != null && unconfirmed.hasWaiting() && pause <= 0) {
          return current;
        }
        lock.wait(current != null && pause > 0 ? pause / 1_000_000 + 1 : 0);
      }
    }
  }

  private ConfirmingChannel openChannel(Connection current, boolean reopening)
      throws IOException, TimeoutException {
    if (reopening) {
      // The broker may have closed the previous channel because an exchange does not exist.
      topology.declare(current);
    }
    return ConfirmingChannel.open(
        current, unconfirmed, this::complete, this::onConfirm, this::onResponse, this::onClose);
  }

  private void onResponse() {
    lastResponse = System.nanoTime();
  }

  private void onConfirm() {
    onResponse();
    synchronized (lock) {
      backoff.reset();
    }
  }

  private void onClose(ShutdownSignalException signal) {
    if (ConfirmingChannel.isClosedByBroker(signal)) {
      if (channelWarnings.allows()) {
        LOG.warn(
            "The broker closed the publishing channel: {}; opening a new one",
            Channels.reason(signal));
      }
      pause();
    }
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  private void pause() {
    synchronized (lock) {
      pauseUntil = System.nanoTime() + backoff.next().toNanos();
    }
  }

  /**
   * Waits up to two seconds for outstanding confirms; the outcome of the other messages is {@link
   * PublishOutcome#NOT_NOW}.
   */
  public void stop() {
    awaitConfirms();
    synchronized (lock) {
      stopped = true;
      lock.notifyAll();
    }
    timer.shutdown();
    writer.interrupt();
    complete(unconfirmed.giveUpAll());
    awaitCompletions();
  }

  private void awaitConfirms() {
    long deadline = System.nanoTime() + SHUTDOWN_TIMEOUT.toNanos();
    try {
      while (rabbitConnection.canPublish()
          && unconfirmed.size() > 0
          && System.nanoTime() - deadline < 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes futures on a thread of its own, because callers may do slow work on completion. */
  private void complete(Collection<UnconfirmedMessage> decided) {
    for (UnconfirmedMessage message : decided) {
      try {
        completionExecutor.execute(() -> complete(message));
      } catch (RejectedExecutionException e) {
        complete(message);
      }
    }
  }

  private void complete(UnconfirmedMessage message) {
    PublishOutcome outcome = message.outcome;
    try {
      if (outcome == PublishOutcome.CONFIRMED) {
        rejections.accepted(message.destination());
      }
      message.future.complete(outcome == null ? PublishOutcome.NOT_NOW : outcome);
    } finally {
      unconfirmed.release(message);
    }
  }

  private void awaitCompletions() {
    completionExecutor.shutdown();
    try {
      if (!completionExecutor.awaitTermination(
          SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "Callers have not processed the outcomes of the last messages after {}; stopping",
            SHUTDOWN_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

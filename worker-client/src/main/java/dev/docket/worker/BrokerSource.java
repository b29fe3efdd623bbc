package dev.docket.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives tasks from the broker. A message is acknowledged after the server has decided its claim,
 * never before. A message may therefore be delivered twice, but only one claim of it succeeds.
 * {@link DeliveryBuffer} limits the number of messages, {@link Claims} handles the claims.
 *
 * <p>After any failure the source closes the broker session and opens a new one after a backoff.
 * This does not affect active runs.
 */
final class BrokerSource implements TaskSource, BrokerSession.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSource.class);
  private static final Duration TICK = Duration.ofMillis(250);

  private final WorkerSettings settings;
  private final BrokerAddress broker;
  private final WorkerTimeouts timeouts;
  private final WorkerSlots slots;
  private final Runs runs;
  private final BrokerLoop loop;
  private final Claims claims;
  private final Backoff backoff;

  private @Nullable DeliveryBuffer buffer;
  private @Nullable String lastError = "not connected yet";
  private long openedAt;
  private volatile boolean stopping;

  BrokerSource(
      WorkerSettings settings,
      BrokerAddress broker,
      Reporter reporter,
      WorkerSlots slots,
      Runs runs,
      WorkerProcess process) {
    this.settings = settings;
    this.broker = broker;
    this.timeouts = settings.timeouts();
    this.slots = slots;
    this.runs = runs;
    this.loop = new BrokerLoop(settings.name(), this::onFailure);
    this.claims = new Claims(settings, loop, reporter, slots, runs, process);
    this.backoff = new Backoff(timeouts.initialBackoff(), timeouts.maxBackoff());
  }

  @Override
  public void start() {
    slots.onRelease(() -> loop.execute(this::pump));
    loop.execute(this::connect);
    loop.schedule(TICK, this::tick);
  }

  @Override
  public void stopReceiving() {
    stopping = true;
    claims.stop();
    loop.execute(
        () -> {
          if (buffer != null) {
            buffer.stop();
          }
        });
  }

  @Override
  public void close(Duration limit) throws InterruptedException {
    loop.execute(
        () -> {
          if (buffer != null) {
            buffer.session().close();
            buffer = null;
          }
          // Ends the loop after the steps that closing the session has queued.
          loop.close();
        });
    loop.awaitTermination(limit);
  }

  private void connect() {
    if (stopping || buffer != null) {
      return;
    }
    BrokerSession session;
    try {
      session = BrokerSession.open(broker, settings, loop, this);
    } catch (IOException | TimeoutException | RuntimeException | Error e) {
      logState(describe(e));
      loop.schedule(backoff.next(), this::connect);
      return;
    }
    logState(null);
    openedAt = System.nanoTime();
    buffer = new DeliveryBuffer(session, loop, timeouts, slots, claims, runs);
    loop.execute(this::pump);
  }

  private void pump() throws IOException {
    if (buffer != null) {
      buffer.pump();
    }
  }

  private void tick() throws IOException {
    loop.schedule(TICK, this::tick);
    long now = System.nanoTime();
    claims.tick(now);
    if (buffer != null) {
      buffer.tick(now);
    }
  }

  @Override
  public void onDelivery(BrokerSession.Delivery delivery) {
    loop.runNow(
        () -> {
          if (buffer != null && buffer.session() == delivery.session()) {
            buffer.add(delivery);
          }
        });
  }

  @Override
  public void onConsumerCancelled(BrokerSession session) {
    loop.schedule(
        timeouts.initialBackoff(),
        () -> {
          if (buffer != null && buffer.session() == session) {
            buffer.redeclare();
          }
        });
  }

  @Override
  public void onChannelClosed(BrokerSession session, Throwable cause) {
    loop.execute(
        () -> {
          if (buffer != null && buffer.session() == session) {
            onFailure(cause);
          }
        });
  }

  /** Closes the session, after which the broker requeues all unacknowledged messages. */
  private void onFailure(Throwable cause) {
    if (buffer == null) {
      return;
    }
    BrokerSession failed = buffer.session();
    buffer = null;
    if (System.nanoTime() - openedAt > timeouts.maxBackoff().toNanos()) {
      backoff.reset();
    }
    if (!stopping) {
      logState(describe(cause));
    }
    failed.close();
    claims.dropObsolete();
    loop.schedule(backoff.next(), this::connect);
  }

  private void logState(@Nullable String error) {
    if (error == null) {
      LOG.info("Connected to the broker at {}", broker);
    } else if (!error.equals(lastError)) {
      LOG.warn("The connection to the broker at {} failed; reconnecting: {}", broker, error);
    }
    lastError = error;
  }

  private static String describe(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage() == null ? root : root.getMessage());
  }

  @Override
  public String toString() {
    return "broker " + broker;
  }
}

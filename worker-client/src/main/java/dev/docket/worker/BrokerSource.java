package dev.docket.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks from the broker: a message is acknowledged when the server has decided its claim, and
 * not before. So a message may be delivered twice, and is claimed once. {@link DeliveryBuffer} says
 * how many it takes, {@link Claims} what becomes of them.
 *
 * <p>A session with the broker that fails in any way is thrown away and opened again after a
 * back-off; the runs under way do not notice.
 */
final class BrokerSource implements TaskSource, BrokerSession.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSource.class);
  private static final Duration TICK = Duration.ofMillis(250);

  private final WorkerSettings settings;
  private final BrokerAddress broker;
  private final WorkerTimeouts timing;
  private final WorkerSlots slots;
  private final Runs runs;
  private final BrokerLoop loop;
  private final Claims claims;
  private final Backoff backoff;

  private @Nullable DeliveryBuffer buffer;
  private @Nullable String healthError = "not tried yet";
  private long opened;
  private volatile boolean stopping;

  BrokerSource(
      WorkerSettings settings,
      BrokerAddress broker,
      Reporter reporter,
      WorkerSlots slots,
      Runs runs) {
    this.settings = settings;
    this.broker = broker;
    this.timing = settings.timing();
    this.slots = slots;
    this.runs = runs;
    this.loop = new BrokerLoop(settings.name(), this::failed);
    this.claims = new Claims(settings, loop, reporter, slots, runs);
    this.backoff = new Backoff(timing.firstRetry(), timing.lastRetry());
  }

  @Override
  public void start() {
    slots.whenFreed(() -> loop.act(this::pump));
    loop.act(this::connect);
    loop.later(TICK, this::tick);
  }

  @Override
  public void stopTaking() {
    stopping = true;
    claims.stop();
    loop.act(
        () -> {
          if (buffer != null) {
            buffer.stop();
          }
        });
  }

  @Override
  public void close(Duration limit) throws InterruptedException {
    loop.act(
        () -> {
          if (buffer != null) {
            buffer.session().close();
            buffer = null;
          }
          // Behind what the closing has put into the queue.
          loop.close();
        });
    loop.awaitEnd(limit);
  }

  private void connect() {
    if (stopping || buffer != null) {
      return;
    }
    BrokerSession session;
    try {
      session = BrokerSession.open(broker, settings, loop, this);
    } catch (IOException | TimeoutException | RuntimeException | Error failed) {
      say(describe(failed));
      loop.later(backoff.next(), this::connect);
      return;
    }
    say(null);
    opened = System.nanoTime();
    buffer = new DeliveryBuffer(session, loop, timing, slots, claims, runs);
    loop.act(this::pump);
  }

  private void pump() throws IOException {
    if (buffer != null) {
      buffer.pump();
    }
  }

  private void tick() throws IOException {
    loop.later(TICK, this::tick);
    long now = System.nanoTime();
    claims.tick(now);
    if (buffer != null) {
      buffer.tick(now);
    }
  }

  @Override
  public void delivered(BrokerSession.Delivery delivery) {
    loop.guarded(
        () -> {
          if (buffer != null && buffer.session() == delivery.session()) {
            buffer.take(delivery);
          }
        });
  }

  @Override
  public void queueGone(BrokerSession of) {
    loop.later(
        timing.firstRetry(),
        () -> {
          if (buffer != null && buffer.session() == of) {
            buffer.renew();
          }
        });
  }

  @Override
  public void lost(BrokerSession lost, Throwable why) {
    loop.act(
        () -> {
          if (buffer != null && buffer.session() == lost) {
            failed(why);
          }
        });
  }

  /** What is in hand goes back by itself when the connection ends. */
  private void failed(Throwable why) {
    if (buffer == null) {
      return;
    }
    BrokerSession ended = buffer.session();
    buffer = null;
    if (System.nanoTime() - opened > timing.lastRetry().toNanos()) {
      backoff.reset();
    }
    if (!stopping) {
      say(describe(why));
    }
    ended.close();
    claims.sweep();
    loop.later(backoff.next(), this::connect);
  }

  private void say(@Nullable String now) {
    if (now == null) {
      LOG.info("connected to the broker at {}", broker);
    } else if (!now.equals(healthError)) {
      LOG.warn("trouble with the broker at {}, trying again: {}", broker, now);
    }
    healthError = now;
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

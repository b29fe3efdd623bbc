package dev.docket.worker;

import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.wire.ReportAnswer;
import dev.docket.wire.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks from the broker: a message is acknowledged when the server has decided its claim, and
 * not before. So a message may be delivered twice, and is claimed once.
 *
 * <p>A claim takes one of the {@link Places}; what is delivered beyond them waits in hand, the most
 * urgent first, or goes back. Which of both depends on how soon a place is expected:
 *
 * <ul>
 *   <li>Soon (short tasks): each queue may hand out as many as there are places, and consuming goes
 *       on while all are taken. What is still in hand after {@link Timing#hold} goes back.
 *   <li>Later, or not known (long tasks): each queue hands out one at a time, and with the last
 *       place taken the consumers are cancelled, before that claim's message is acknowledged, so
 *       that no other comes. What came from the other queues goes back at once.
 * </ul>
 *
 * <p>Consuming begins again when a place becomes free. So a long task hoards nothing, and short
 * ones do not wait for the broker. Within a queue the broker keeps the order of priorities, between
 * queues it is kept among what is in hand.
 *
 * <p>All state belongs to one thread, the loop, which also runs the consumers. A session with the
 * broker that fails in any way is thrown away and opened again after a back-off; the runs under way
 * do not notice, and claims that are in flight are worked on if they are granted.
 */
final class BrokerSource implements TaskSource, BrokerSession.Listener {

  private static final Logger log = LoggerFactory.getLogger(BrokerSource.class);
  private static final Duration TICK = Duration.ofMillis(250);

  private final WorkerSettings settings;
  private final BrokerAddress broker;
  private final Timing timing;
  private final Reporter reporter;
  private final Places places;
  private final Runs runs;
  private final ScheduledThreadPoolExecutor loop;
  private final Backoff backoff;
  private final PriorityQueue<Offer> hand = new PriorityQueue<>();
  private final Set<Claiming> claims = new HashSet<>();

  private @Nullable BrokerSession session;
  private @Nullable String trouble = "not tried yet";
  private boolean consuming;
  private int prefetch;
  private long settleUntil = System.nanoTime();
  private long opened;
  private long renewed;
  private volatile boolean stopping;

  BrokerSource(
      WorkerSettings settings, BrokerAddress broker, Reporter reporter, Places places, Runs runs) {
    this.settings = settings;
    this.broker = broker;
    this.timing = settings.timing();
    this.reporter = reporter;
    this.places = places;
    this.runs = runs;
    this.backoff = new Backoff(timing.firstRetry(), timing.lastRetry());
    this.loop = new ScheduledThreadPoolExecutor(1, NamedThreads.lasting(settings.name(), "broker"));
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    loop.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public void start() {
    places.whenFreed(() -> act(this::pump));
    act(this::connect);
    later(TICK, this::tickAgain);
  }

  @Override
  public void stopTaking() {
    stopping = true;
    act(
        () -> {
          if (session != null) {
            pause(session);
          }
        });
  }

  @Override
  public void close() {
    act(
        () -> {
          if (session != null) {
            session.close();
            session = null;
          }
          // Behind what the closing has put into the queue.
          loop.execute(loop::shutdown);
        });
  }

  private void later(Duration wait, Step step) {
    ScheduledFuture<?> unused =
        loop.schedule(() -> guarded(step), wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void act(Step step) {
    loop.execute(() -> guarded(step));
  }

  /** Whatever goes wrong with the broker ends the session, and nothing else. */
  private void guarded(Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException failed) {
      if (!(failed instanceof IOException || failed instanceof ShutdownSignalException)) {
        log.error("the broker loop has failed, connecting again", failed);
      }
      if (session != null) {
        end(session, failed);
      }
    }
  }

  private void connect() {
    if (stopping || session != null) {
      return;
    }
    try {
      session = BrokerSession.open(broker, settings, loop, this);
    } catch (IOException | TimeoutException | RuntimeException failed) {
      say(describe(failed));
      reconnect();
      return;
    }
    say(null);
    opened = System.nanoTime();
    renewed = opened;
    act(this::pump);
  }

  private void reconnect() {
    if (!stopping) {
      later(backoff.next(), this::connect);
    }
  }

  private void end(BrokerSession ended, Throwable why) {
    if (ended != session) {
      return;
    }
    session = null;
    consuming = false;
    hand.clear();
    if (System.nanoTime() - opened > timing.lastRetry().toNanos()) {
      backoff.reset();
    }
    if (!stopping) {
      say(describe(why));
    }
    ended.close();
    reconnect();
  }

  private void say(@Nullable String now) {
    if (now == null) {
      log.info("connected to the broker at {}", broker);
    } else if (!now.equals(trouble)) {
      log.warn("trouble with the broker at {}, trying again: {}", broker, now);
    }
    trouble = now;
  }

  private static String describe(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage() == null ? root : root.getMessage());
  }

  @Override
  public void lost(BrokerSession lost, Throwable why) {
    act(() -> end(lost, why));
  }

  @Override
  public void queueGone(BrokerSession of) {
    later(
        timing.firstRetry(),
        () -> {
          if (of == session) {
            renew(of);
          }
        });
  }

  @Override
  public void delivered(BrokerSession.Delivery delivery) {
    guarded(
        () -> {
          if (delivery.session() == session) {
            take(delivery);
            pump();
          }
        });
  }

  private void take(BrokerSession.Delivery delivery) throws IOException {
    String correlation = delivery.properties().getCorrelationId();
    RunId run = correlation == null ? null : RunId.parse(correlation).orElse(null);
    if (run == null) {
      log.error("a message that is not Docket's was dropped: {}", delivery.properties());
      delivery.reject();
    } else {
      hand.add(Offer.of(delivery, run, runs));
    }
  }

  /** Claims what there is a place for, and consumes or not. */
  private void pump() throws IOException {
    BrokerSession now = session;
    if (now == null) {
      return;
    }
    if (stopping) {
      pause(now);
      return;
    }
    if (!consuming && places.free() > 0 && hand.isEmpty()) {
      consume(now);
      settleUntil = System.nanoTime() + timing.settle().toNanos();
      if (now.queues() > 1) {
        later(timing.settle(), this::pump);
      }
    }
    if (!settled(now)) {
      return;
    }
    while (!hand.isEmpty() && places.tryTake()) {
      claim(hand.remove());
    }
    if (places.free() == 0 && !(consuming && places.freeWithin(timing.hold()))) {
      pause(now);
    }
  }

  /** Whether each queue had its chance, so that the choice is between all of them. */
  private boolean settled(BrokerSession now) {
    return now.queues() == 1
        || System.nanoTime() - settleUntil >= 0
        || hand.stream().map(offer -> offer.delivery().intake()).distinct().count() == now.queues();
  }

  private void consume(BrokerSession now) throws IOException {
    prefetch = wantedPrefetch();
    now.consume(prefetch);
    consuming = true;
  }

  private int wantedPrefetch() {
    return places.freeWithin(timing.hold()) ? places.window() : 1;
  }

  private void pause(BrokerSession now) throws IOException {
    if (consuming) {
      consuming = false;
      now.cancel();
    }
    while (!hand.isEmpty()) {
      hand.remove().delivery().handBack();
    }
  }

  private void claim(Offer offer) {
    Claiming claim = new Claiming(offer, UUID.randomUUID().toString());
    claims.add(claim);
    RunItems items = new RunItems(settings.name(), offer.run(), claim.id);
    reporter.send(items.claim(), claim::isWanted, answer -> act(() -> decided(claim, answer)));
  }

  /** Without an answer the message goes back, if it is still ours. */
  private void decided(Claiming claim, @Nullable ReportAnswer answer) throws IOException {
    claims.remove(claim);
    BrokerSession.Delivery delivery = claim.offer.delivery();
    if (answer != null && answer.taken()) {
      granted(claim, answer);
    } else {
      log.debug("{} is not for us: {}", claim.offer.run(), answer);
      places.release(1);
    }
    if (!delivery.session().isOpen()) {
      return;
    }
    if (answer == null) {
      delivery.handBack();
    } else {
      delivery.acknowledge();
    }
  }

  private void granted(Claiming claim, ReportAnswer answer) {
    Offer offer = claim.offer;
    Task task = offer.task();
    if (task == null) {
      log.error("the message of {} cannot be read: {}", offer.run(), offer.flaw());
      runs.refuse(offer.run(), claim.id, "the worker cannot read its message: " + offer.flaw());
      return;
    }
    int seconds = answer.leaseSeconds() == null ? 0 : answer.leaseSeconds();
    long limit = answer.timeoutSeconds() == null ? 0 : answer.timeoutSeconds();
    runs.begin(Lease.of(offer.run(), claim.id, seconds), task.within(limit));
  }

  private void tickAgain() throws IOException {
    later(TICK, this::tickAgain);
    tick();
  }

  private void tick() throws IOException {
    long now = System.nanoTime();
    for (Claiming claim : claims) {
      if (now - claim.offer.arrived() > timing.claimLimit().toNanos()) {
        claim.giveUp();
      }
    }
    BrokerSession current = session;
    if (current == null || stopping) {
      return;
    }
    if (now - renewed > timing.renewal().toNanos()) {
      renew(current);
    }
    List<Offer> held = new ArrayList<>(hand);
    if (held.stream().anyMatch(offer -> now - offer.arrived() > timing.hold().toNanos())) {
      pause(current);
    } else if (consuming && !near(prefetch, wantedPrefetch())) {
      current.cancel();
      consume(current);
    }
    pump();
  }

  private static boolean near(int has, int wants) {
    return wants < has * 2 && wants * 2 > has;
  }

  /** Mends what was deleted on the broker, which not every broker announces. */
  private void renew(BrokerSession current) throws IOException {
    renewed = System.nanoTime();
    current.declare();
    if (consuming) {
      current.cancel();
      consume(current);
    }
  }

  /** A claim that is not decided yet. */
  private final class Claiming {
    private final Offer offer;
    private final String id;
    private volatile boolean givenUp;

    private Claiming(Offer offer, String id) {
      this.offer = offer;
      this.id = id;
    }

    private void giveUp() {
      givenUp = true;
    }

    /** Asked each time before it is sent, on the reporter's thread. */
    private boolean isWanted() {
      return !givenUp && !stopping && offer.delivery().session().isOpen();
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}

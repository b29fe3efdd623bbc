package dev.docket.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.courier.Answers;
import dev.docket.rabbit.AnswerSession.Delivery;
import dev.docket.task.TaskCourier.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes workers' answers from the response queue. An answer is acknowledged after its fate is
 * certain, never before: it may be offered twice, never zero times. One that cannot be stored now
 * stays with the broker and is offered again, and holds up no other; one that nobody can read goes
 * to the dead-letter queue.
 *
 * <p>All that changes belongs to one thread.
 */
final class RabbitResponses implements RabbitLink.Part {

  private static final Logger log = LoggerFactory.getLogger(RabbitResponses.class);
  private static final boolean AUTO_ACK = true;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration WATCH = Duration.ofSeconds(10);
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  private final RabbitTopology topology;
  private final DeadLetters deadLetters;
  private final int prefetch;
  private final Answers answers;
  private final ScheduledExecutorService loop = loop();
  private final Backoff reopening = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
  private @Nullable Connection connection;
  private @Nullable AnswerSession session;
  private boolean acknowledging;
  private boolean stopping;

  RabbitResponses(RabbitTopology topology, DeadLetters deadLetters, int prefetch, Answers answers) {
    this.topology = topology;
    this.deadLetters = deadLetters;
    this.prefetch = prefetch;
    this.answers = answers;
  }

  private static ScheduledExecutorService loop() {
    ScheduledThreadPoolExecutor loop =
        new ScheduledThreadPoolExecutor(1, new NamedThreads("responses"));
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return loop;
  }

  @Override
  public void up(Connection fresh) {
    onLoop(
        () -> {
          connection = fresh;
          consume(fresh);
        });
  }

  @Override
  public void down() {
    onLoop(
        () -> {
          connection = null;
          session = null;
        });
  }

  private void consume(Connection on) {
    if (connection != on || stopping) {
      return;
    }
    AnswerSession fresh = null;
    try {
      fresh = new AnswerSession(Channels.open(on));
      session = fresh;
      fresh.channel().basicQos(prefetch);
      fresh.consumer(fresh.channel().basicConsume(topology.responses(), !AUTO_ACK, new Ear(fresh)));
    } catch (IOException | ShutdownSignalException failed) {
      consumeAgain(fresh, failed);
      return;
    }
    reopening.reset();
    watchLater(fresh, on);
  }

  /** The channel is of no use any more; what it had delivered will be delivered again. */
  private void consumeAgain(@Nullable AnswerSession lost, Exception why) {
    Connection on = connection;
    if (session != lost || on == null || stopping) {
      return;
    }
    session = null;
    if (lost != null) {
      Channels.discard(lost.channel());
    }
    if (!on.isOpen()) {
      // The link says so, and will bring another.
      return;
    }
    log.warn("no answers from {} for a moment: {}", topology.responses(), Channels.why(why));
    later(reopening.next(), () -> declareAndConsume(on));
  }

  private void declareAndConsume(Connection on) {
    if (connection != on || session != null || stopping) {
      return;
    }
    try {
      topology.declare(on);
    } catch (IOException | TimeoutException | ShutdownSignalException failed) {
      consumeAgain(null, failed);
      return;
    }
    consume(on);
  }

  private void watchLater(AnswerSession watched, Connection on) {
    later(WATCH, () -> watch(watched, on));
  }

  /** Qpid deletes a queue under its consumer and tells nobody. */
  private void watch(AnswerSession watched, Connection on) {
    if (session != watched || stopping) {
      return;
    }
    Channel asking = null;
    try {
      asking = Channels.open(on);
      if (asking.consumerCount(topology.responses()) == 0) {
        consumeAgain(watched, new IOException("the queue has no consumer"));
      }
    } catch (IOException | ShutdownSignalException failed) {
      consumeAgain(watched, failed);
    } finally {
      Channels.discard(asking);
    }
    watchLater(watched, on);
  }

  /** Listens, on a thread of the connection. */
  private final class Ear extends DefaultConsumer {
    private final AnswerSession of;

    private Ear(AnswerSession of) {
      super(of.channel());
      this.of = of;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      Delivery delivery = new Delivery(of, envelope.getDeliveryTag(), properties, body);
      onLoop(
          () -> {
            of.delivered(delivery);
            offer(delivery);
          });
    }

    @Override
    public void handleCancel(String consumer) {
      onLoop(() -> consumeAgain(of, new IOException("the queue has gone")));
    }

    @Override
    public void handleShutdownSignal(String consumer, ShutdownSignalException why) {
      onLoop(() -> consumeAgain(of, why));
    }
  }

  private void offer(Delivery delivery) {
    if (delivery.session() != session) {
      return;
    }
    CompletionStage<Answers.Fate> fate;
    try {
      fate = answers.take(delivery.correlationId(), delivery.body());
    } catch (RuntimeException bug) {
      fate = CompletableFuture.failedStage(bug);
    }
    fate.whenComplete((known, bug) -> onLoop(() -> decide(delivery, known, bug)));
  }

  private void decide(Delivery delivery, Answers.@Nullable Fate fate, @Nullable Throwable bug) {
    if (fate == null) {
      log.error("cannot tell what became of the answer {}", delivery.correlationId(), bug);
      fate = Answers.Fate.NOT_NOW;
    }
    switch (fate) {
      case DONE -> acknowledge(delivery);
      case NOT_NOW -> again(delivery, () -> offer(delivery));
      case UNREADABLE -> {
        log.warn(
            "an answer that nobody can read goes to {}: correlation id '{}', {} bytes",
            topology.deadLetters(),
            delivery.correlationId(),
            delivery.body().length);
        keepAside(delivery);
      }
    }
  }

  private void again(Delivery delivery, Runnable step) {
    later(Backoff.pause(delivery.failed(), FIRST_PAUSE, LONGEST_PAUSE), step);
  }

  private void keepAside(Delivery delivery) {
    if (delivery.session() != session) {
      return;
    }
    deadLetters
        .keep(delivery.properties(), delivery.body(), "unreadable answer")
        .whenComplete((sent, bug) -> onLoop(() -> keptAside(delivery, sent)));
  }

  private void keptAside(Delivery delivery, @Nullable Sent sent) {
    if (sent == Sent.CONFIRMED) {
      acknowledge(delivery);
      return;
    }
    if (sent == Sent.UNROUTABLE) {
      declareAgain();
    }
    again(delivery, () -> keepAside(delivery));
  }

  /** Somebody has deleted the dead-letter queue. */
  private void declareAgain() {
    Connection on = connection;
    if (on == null) {
      return;
    }
    try {
      topology.declare(on);
    } catch (IOException | TimeoutException | ShutdownSignalException failed) {
      log.debug("cannot declare now", failed);
    }
  }

  private void acknowledge(Delivery delivery) {
    delivery.session().decided(delivery);
    if (!acknowledging) {
      acknowledging = true;
      // Behind whatever is decided already: all of that goes out in one.
      onLoop(this::acknowledgeDecided);
    }
  }

  private void acknowledgeDecided() {
    acknowledging = false;
    AnswerSession open = session;
    if (open == null) {
      return;
    }
    try {
      open.acknowledge();
    } catch (IOException | ShutdownSignalException failed) {
      consumeAgain(open, failed);
    }
  }

  private void onLoop(Runnable step) {
    later(Duration.ZERO, step);
  }

  private void later(Duration pause, Runnable step) {
    try {
      var unused = loop.schedule(step, pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException stopped) {
      log.debug("stopped; what is not acknowledged will be delivered again");
    }
  }

  /** Takes no more, and waits a little for what is under way. */
  void stop() {
    CountDownLatch idle = new CountDownLatch(1);
    onLoop(() -> cancel(idle));
    try {
      if (!idle.await(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("answers that are not stored yet stay with the broker");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownNow();
  }

  private void cancel(CountDownLatch idle) {
    stopping = true;
    AnswerSession open = session;
    if (open == null) {
      idle.countDown();
      return;
    }
    try {
      open.cancel();
    } catch (IOException | ShutdownSignalException failed) {
      idle.countDown();
      return;
    }
    awaitIdle(open, idle);
  }

  private void awaitIdle(AnswerSession open, CountDownLatch idle) {
    if (open.isIdle() || session != open) {
      idle.countDown();
    } else {
      later(Duration.ofMillis(10), () -> awaitIdle(open, idle));
    }
  }
}

package dev.docket.rabbit.poll;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.broker.TaskQueue;
import dev.docket.broker.TaskQueue.Taken;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.NetworkLink;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What {@link TaskQueue} promises, on any broker. */
interface TaskQueueContract {

  Route VIDEO_ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));
  Route SOUND_ASR = new Route(TargetType.SOUND, TaskKey.fromString("ASR"));
  Route VIDEO_OCR = new Route(TargetType.VIDEO, TaskKey.fromString("OCR"));
  Duration LONG = Duration.ofSeconds(60);

  /** A new one, on the broker of the class. */
  BrokerFixture broker();

  @Test
  default void takesThoseOfHighestPriorityFirstOverAllQueues() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, SOUND_ASR, VIDEO_OCR);
      String low = publish(docket, "ASR", TargetType.VIDEO, 1);
      String high = publish(docket, "ASR", TargetType.SOUND, 8);
      String middle = publish(docket, "OCR", TargetType.VIDEO, 4);
      String second = publish(docket, "ASR", TargetType.SOUND, 6);

      List<Taken> taken = take(docket, List.of(VIDEO_ASR, SOUND_ASR, VIDEO_OCR), 3);

      assertThat(ids(taken)).containsExactly(high, second, middle);
      taken.forEach(Taken::acknowledge);
      assertThat(ids(take(docket, List.of(VIDEO_ASR, SOUND_ASR, VIDEO_OCR), 3)))
          .containsExactly(low);
    }
  }

  @Test
  default void takesNoMoreThanAreWantedAndLeavesTheRest() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, SOUND_ASR);
      List<String> published = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        published.add(publish(docket, "ASR", TargetType.VIDEO, 3));
        published.add(publish(docket, "ASR", TargetType.SOUND, 3));
      }

      List<Taken> first = take(docket, List.of(VIDEO_ASR, SOUND_ASR), 4);
      List<Taken> rest = take(docket, List.of(VIDEO_ASR, SOUND_ASR), 100);

      assertThat(first).hasSize(4);
      List<Taken> all = new ArrayList<>(first);
      all.addAll(rest);
      assertThat(ids(all)).containsExactlyInAnyOrderElementsOf(published);
    }
  }

  @Test
  default void waitsForTheFirstAndForNoMore() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, SOUND_ASR);
      CompletableFuture<List<Taken>> waiting =
          taking(docket, List.of(VIDEO_ASR, SOUND_ASR), 10, LONG);
      awaitListeners(broker, docket, SOUND_ASR);

      String published = publish(docket, "ASR", TargetType.SOUND, 3);

      assertThat(ids(result(waiting))).containsExactly(published);
    }
  }

  @Test
  default void comesBackEmptyWhenTheWaitIsOver() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();

      assertThat(result(taking(docket, List.of(VIDEO_ASR), 10, Duration.ZERO))).isEmpty();
      assertThat(result(taking(docket, List.of(VIDEO_ASR), 10, Duration.ofMillis(200)))).isEmpty();
      await().until(() -> docket.taskQueue().open() == 0);
    }
  }

  @Test
  default void givenBackIsTakenAgainAndAcknowledgedIsGone() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      String gone = publish(docket, "ASR", TargetType.VIDEO, 5);
      String back = publish(docket, "ASR", TargetType.VIDEO, 1);

      List<Taken> taken = take(docket, List.of(VIDEO_ASR), 2);
      assertThat(ids(taken)).containsExactly(gone, back);
      taken.get(0).acknowledge();
      taken.get(1).giveBack();

      List<Taken> again = result(taking(docket, List.of(VIDEO_ASR), 2, LONG));
      assertThat(ids(again)).containsExactly(back);
      again.get(0).acknowledge();
      await().until(() -> docket.taskQueue().open() == 0);
      assertThat(broker.ready(queue(broker, VIDEO_ASR))).isZero();
    }
  }

  @Test
  default void noTwoPollsGetTheSame() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker one = broker.started();
      RabbitBroker other = broker.started();
      declare(one, VIDEO_ASR, SOUND_ASR);
      List<String> taken = new CopyOnWriteArrayList<>();
      for (RabbitBroker docket : List.of(one, other, one, other)) {
        poll(docket, taken);
      }

      List<String> published = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        TargetType type = i % 2 == 0 ? TargetType.VIDEO : TargetType.SOUND;
        published.add(publish(one, "ASR", type, i % 11));
      }

      await().until(() -> taken.size() >= published.size());
      assertThat(taken).containsExactlyInAnyOrderElementsOf(published);
    }
  }

  /** Polls, acknowledges what it gets, and polls again, until it fails. */
  private static void poll(RabbitBroker docket, List<String> taken) {
    var unused =
        docket
            .taskQueue()
            .take(List.of(VIDEO_ASR, SOUND_ASR), 3, LONG)
            .thenAccept(
                some -> {
                  taken.addAll(ids(some));
                  some.forEach(Taken::acknowledge);
                  poll(docket, taken);
                });
  }

  @Test
  default void whatIsHeldGoesBackWhenTheConnectionIsLost() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()));
      declare(docket, VIDEO_ASR);
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);
      List<Taken> lost = take(docket, List.of(VIDEO_ASR), 1);
      assertThat(ids(lost)).containsExactly(published);

      wire.cut();
      await().until(() -> docket.taskQueue().open() == 0);
      lost.get(0).acknowledge();

      // Until the loss is noticed everywhere, and the connection is back.
      CompletableFuture<List<Taken>> again =
          await()
              .until(
                  () -> {
                    var next = taking(docket, List.of(VIDEO_ASR), 1, LONG);
                    await().until(next::isDone);
                    return next;
                  },
                  next -> !next.isCompletedExceptionally());
      assertThat(ids(again.join())).containsExactly(published);
    }
  }

  @Test
  default void waitingPollFailsWhenTheConnectionIsLost() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()));
      CompletableFuture<List<Taken>> waiting = taking(docket, List.of(VIDEO_ASR), 1, LONG);
      awaitListeners(broker, docket, VIDEO_ASR);

      wire.cut();

      await().until(waiting::isDone);
      assertThatThrownBy(waiting::join).hasCauseInstanceOf(BrokerUnavailable.class);
    }
  }

  @Test
  default void callerWhoIsGoneGetsNothing() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      CompletableFuture<List<Taken>> waiting = taking(docket, List.of(VIDEO_ASR), 1, LONG);
      awaitListeners(broker, docket, VIDEO_ASR);
      waiting.cancel(true);
      await().until(() -> docket.taskQueue().open() == 0);

      String published = publish(docket, "ASR", TargetType.VIDEO, 5);

      assertThat(ids(take(docket, List.of(VIDEO_ASR), 1))).containsExactly(published);
    }
  }

  @Test
  default void callersWhoAreGoneAtOnceHoldNothing() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      List<String> published = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        published.add(publish(docket, "ASR", TargetType.VIDEO, 5));
      }
      List<CompletableFuture<List<Taken>>> takings = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        takings.add(taking(docket, List.of(VIDEO_ASR), 1, LONG));
        takings.get(i / 2).cancel(true);
      }
      takings.forEach(taking -> taking.cancel(true));
      List<String> taken = new ArrayList<>();
      for (CompletableFuture<List<Taken>> taking : takings) {
        if (!taking.isCancelled()) {
          taken.addAll(ids(result(taking)));
        }
      }

      // What was cancelled too late was handed over, the rest is all there.
      await()
          .until(
              () -> {
                taken.addAll(ids(result(taking(docket, List.of(VIDEO_ASR), 20, Duration.ZERO))));
                return taken.size() >= published.size();
              });
      assertThat(taken).containsExactlyInAnyOrderElementsOf(published);
    }
  }

  @Test
  default void whatIsNeverSettledGoesBackAtTheLimit() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      try (LimitedQueue limited = new LimitedQueue(broker, 500, Duration.ofMillis(200))) {
        String published = publish(docket, "ASR", TargetType.VIDEO, 5);
        assertThat(ids(result(taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG))))
            .containsExactly(published);
        assertThat(ids(result(taking(docket, List.of(VIDEO_ASR), 1, LONG))))
            .containsExactly(published);
      }
    }
  }

  @Test
  default void tooManyPollsAreRefused() throws Exception {
    try (BrokerFixture broker = broker();
        LimitedQueue limited = new LimitedQueue(broker, 2, LONG)) {
      List<CompletableFuture<List<Taken>>> open = new ArrayList<>();
      open.add(taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG));
      open.add(taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG));

      CompletableFuture<List<Taken>> refused = taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG);
      assertThat(refused).isCompletedExceptionally();
      assertThatThrownBy(refused::join).hasCauseInstanceOf(BrokerUnavailable.class);

      open.get(0).cancel(true);
      await().until(() -> limited.queue().open() == 1);
      assertThat(result(taking(limited.queue(), List.of(VIDEO_ASR), 1, Duration.ZERO))).isEmpty();
    }
  }

  @Test
  default void deletedQueueIsDeclaredAgain() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      try (Channel channel = broker.channel()) {
        channel.queueDelete(queue(broker, VIDEO_ASR));
      }

      // Qpid closes the connection of whoever asks for a queue that is not there.
      await()
          .until(
              () -> {
                var again = taking(docket, List.of(VIDEO_ASR), 1, Duration.ZERO);
                await().until(again::isDone);
                return !again.isCompletedExceptionally();
              });
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);
      assertThat(ids(take(docket, List.of(VIDEO_ASR), 1))).containsExactly(published);
    }
  }

  @Test
  default void messageThatIsNotDocketsHoldsUpNoOther() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      try (Channel channel = broker.channel()) {
        AMQP.BasicProperties first = new AMQP.BasicProperties.Builder().priority(9).build();
        channel.basicPublish(
            "", queue(broker, VIDEO_ASR), first, "hello".getBytes(StandardCharsets.UTF_8));
      }
      await().until(() -> broker.ready(queue(broker, VIDEO_ASR)) == 1);
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);

      List<Taken> taken = take(docket, List.of(VIDEO_ASR), 2);
      assertThat(ids(taken)).containsExactly(published);
      taken.forEach(Taken::acknowledge);
      await().until(() -> docket.taskQueue().open() == 0);
      assertThat(broker.ready(queue(broker, VIDEO_ASR))).isZero();
    }
  }

  @Test
  default void stoppingGivesBackAndAnswersEveryPoll() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, VIDEO_OCR);
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);
      assertThat(take(docket, List.of(VIDEO_ASR), 1)).hasSize(1);
      CompletableFuture<List<Taken>> waiting = taking(docket, List.of(VIDEO_OCR), 1, LONG);

      docket.stop();

      await().until(waiting::isDone);
      RabbitBroker other = broker.started();
      assertThat(ids(result(taking(other, List.of(VIDEO_ASR), 1, LONG))))
          .containsExactly(published);
      assertThat(taking(docket, List.of(VIDEO_ASR), 1, LONG)).isCompletedExceptionally();
    }
  }

  /** A queue of its own limits, on a connection of its own. */
  final class LimitedQueue implements AutoCloseable {
    private final RabbitConnection link;
    private final RabbitTaskQueue queue;

    LimitedQueue(BrokerFixture broker, int takes, Duration settle) {
      RabbitSettings settings = broker.settings();
      RabbitTopology topology = new RabbitTopology(settings.prefix(), BrokerFixture.protocols());
      link = new RabbitConnection("limited", settings, topology);
      queue = new RabbitTaskQueue(topology, new RabbitTaskQueue.Limits(takes, settle));
      link.add(queue);
      link.start();
      await().until(() -> link.healthError().isEmpty());
    }

    RabbitTaskQueue queue() {
      return queue;
    }

    @Override
    public void close() {
      queue.stop();
      link.stop();
    }
  }

  @Test
  default void withoutABrokerAPollFails() {
    RabbitBroker docket =
        new RabbitBroker(
            RabbitSettings.at(java.net.URI.create("amqp://127.0.0.1:1")),
            BrokerFixture.protocols(),
            Clock.systemUTC());
    CompletableFuture<List<Taken>> refused = taking(docket, List.of(VIDEO_ASR), 1, LONG);
    assertThat(refused).isCompletedExceptionally();
    assertThatThrownBy(refused::join).hasCauseInstanceOf(BrokerUnavailable.class);
  }

  /** Polls for a moment, which declares the queues. */
  private static void declare(RabbitBroker docket, Route... routes) {
    assertThat(result(taking(docket, List.of(routes), 1, Duration.ZERO))).isEmpty();
  }

  private static String publish(RabbitBroker docket, String key, TargetType type, int priority) {
    Task task = SampleTasks.task("docket", key, type, priority);
    CompletableFuture<Sent> sent = docket.publisher().publish(task).toCompletableFuture();
    await().until(sent::isDone);
    assertThat(sent).isCompletedWithValue(Sent.CONFIRMED);
    return task.id().value();
  }

  private static List<Taken> take(RabbitBroker docket, Collection<Route> routes, int max) {
    return result(taking(docket, routes, max, Duration.ofSeconds(1)));
  }

  private static CompletableFuture<List<Taken>> taking(
      RabbitBroker docket, Collection<Route> routes, int max, Duration wait) {
    return taking(docket.taskQueue(), routes, max, wait);
  }

  private static CompletableFuture<List<Taken>> taking(
      TaskQueue queue, Collection<Route> routes, int max, Duration wait) {
    return queue.take(routes, max, wait).toCompletableFuture();
  }

  private static List<Taken> result(CompletableFuture<List<Taken>> taking) {
    await().until(taking::isDone);
    return taking.join();
  }

  private static List<String> ids(List<Taken> taken) {
    return taken.stream().map(each -> each.run().task()).toList();
  }

  private static String queue(BrokerFixture broker, Route route) {
    return broker.prefix() + "docket.v1." + route.key() + "." + route.type().wire();
  }

  private static void awaitListeners(BrokerFixture broker, RabbitBroker docket, Route route) {
    await()
        .until(
            () -> {
              try (Channel channel = broker.channel()) {
                return channel.consumerCount(docket.topology().workerQueue(route)) > 0;
              }
            });
  }
}

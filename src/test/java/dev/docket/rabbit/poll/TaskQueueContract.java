package dev.docket.rabbit.poll;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.broker.TaskQueue;
import dev.docket.broker.TaskQueue.Delivery;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.NetworkLink;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.connection.SampleSettings;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What {@link TaskQueue} guarantees on every broker. */
interface TaskQueueContract {

  Route VIDEO_ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));
  Route SOUND_ASR = new Route(TargetType.SOUND, TaskKey.fromString("ASR"));
  Route VIDEO_OCR = new Route(TargetType.VIDEO, TaskKey.fromString("OCR"));
  Duration LONG_WAIT = Duration.ofSeconds(60);

  /** A new fixture, on the broker of the test class. */
  BrokerFixture broker();

  @Test
  default void takesTheHighestPrioritiesOfAllQueuesFirst() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, SOUND_ASR, VIDEO_OCR);
      String low = publish(docket, "ASR", TargetType.VIDEO, 1);
      String high = publish(docket, "ASR", TargetType.SOUND, 8);
      String middle = publish(docket, "OCR", TargetType.VIDEO, 4);
      String second = publish(docket, "ASR", TargetType.SOUND, 6);

      List<Delivery> taken = take(docket, List.of(VIDEO_ASR, SOUND_ASR, VIDEO_OCR), 3);

      assertThat(ids(taken)).containsExactly(high, second, middle);
      taken.forEach(Delivery::acknowledge);
      assertThat(ids(take(docket, List.of(VIDEO_ASR, SOUND_ASR, VIDEO_OCR), 3)))
          .containsExactly(low);
    }
  }

  @Test
  default void takesAtMostTheMaximumAndLeavesTheRest() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, SOUND_ASR);
      List<String> published = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        published.add(publish(docket, "ASR", TargetType.VIDEO, 3));
        published.add(publish(docket, "ASR", TargetType.SOUND, 3));
      }

      List<Delivery> first = take(docket, List.of(VIDEO_ASR, SOUND_ASR), 4);
      List<Delivery> rest = take(docket, List.of(VIDEO_ASR, SOUND_ASR), 100);

      assertThat(first).hasSize(4);
      List<Delivery> all = new ArrayList<>(first);
      all.addAll(rest);
      assertThat(ids(all)).containsExactlyInAnyOrderElementsOf(published);
    }
  }

  @Test
  default void waitsForTheFirstMessageOnly() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, SOUND_ASR);
      CompletableFuture<List<Delivery>> waiting =
          taking(docket, List.of(VIDEO_ASR, SOUND_ASR), 10, LONG_WAIT);
      awaitConsumers(broker, docket, SOUND_ASR);

      String published = publish(docket, "ASR", TargetType.SOUND, 3);

      assertThat(ids(result(waiting))).containsExactly(published);
    }
  }

  @Test
  default void isEmptyWhenTheWaitIsOver() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();

      assertThat(result(taking(docket, List.of(VIDEO_ASR), 10, Duration.ZERO))).isEmpty();
      assertThat(result(taking(docket, List.of(VIDEO_ASR), 10, Duration.ofMillis(200)))).isEmpty();
      await().until(() -> docket.taskQueue().openPolls() == 0);
    }
  }

  @Test
  default void waitsWithoutRoutesUntilTheWaitIsOverOrTheServerStops() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();

      assertThat(result(taking(docket, List.of(), 10, Duration.ZERO))).isEmpty();
      CompletableFuture<List<Delivery>> cancelled = taking(docket, List.of(), 10, LONG_WAIT);
      cancelled.cancel(false);
      await().until(() -> docket.taskQueue().openPolls() == 0);

      CompletableFuture<List<Delivery>> waiting = taking(docket, List.of(), 10, LONG_WAIT);
      assertThat(waiting).isNotDone();
      docket.drain();
      assertThat(result(waiting)).isEmpty();
    }
  }

  @Test
  default void redeliversGivenBackMessagesAndRemovesAcknowledgedOnes() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      String acknowledged = publish(docket, "ASR", TargetType.VIDEO, 5);
      String givenBack = publish(docket, "ASR", TargetType.VIDEO, 1);

      List<Delivery> taken = take(docket, List.of(VIDEO_ASR), 2);
      assertThat(ids(taken)).containsExactly(acknowledged, givenBack);
      taken.get(0).acknowledge();
      taken.get(1).giveBack();

      List<Delivery> again = result(taking(docket, List.of(VIDEO_ASR), 2, LONG_WAIT));
      assertThat(ids(again)).containsExactly(givenBack);
      again.get(0).acknowledge();
      await().until(() -> docket.taskQueue().openPolls() == 0);
      assertThat(broker.ready(queue(broker, VIDEO_ASR))).isZero();
    }
  }

  @Test
  default void deliversEachMessageToOnePollOnly() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker first = broker.started();
      RabbitBroker other = broker.started();
      declare(first, VIDEO_ASR, SOUND_ASR);
      List<String> takenIds = new CopyOnWriteArrayList<>();
      for (RabbitBroker docket : List.of(first, other, first, other)) {
        poll(docket, takenIds);
      }

      List<String> published = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        TargetType type = i % 2 == 0 ? TargetType.VIDEO : TargetType.SOUND;
        published.add(publish(first, "ASR", type, i % 11));
      }

      await().until(() -> takenIds.size() >= published.size());
      assertThat(takenIds).containsExactlyInAnyOrderElementsOf(published);
    }
  }

  /** Polls and acknowledges in a loop, until a poll fails. */
  private static void poll(RabbitBroker docket, List<String> takenIds) {
    var unused =
        docket
            .taskQueue()
            .take(List.of(VIDEO_ASR, SOUND_ASR), 3, LONG_WAIT)
            .thenAccept(
                deliveries -> {
                  takenIds.addAll(ids(deliveries));
                  deliveries.forEach(Delivery::acknowledge);
                  poll(docket, takenIds);
                });
  }

  @Test
  default void requeuesUnsettledMessagesWhenTheConnectionIsLost() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()));
      declare(docket, VIDEO_ASR);
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);
      List<Delivery> lost = take(docket, List.of(VIDEO_ASR), 1);
      assertThat(ids(lost)).containsExactly(published);

      link.cut();
      await().until(() -> docket.taskQueue().openPolls() == 0);
      lost.get(0).acknowledge();

      // Polls fail until the connection is restored.
      CompletableFuture<List<Delivery>> again =
          await()
              .until(
                  () -> {
                    var next = taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT);
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
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()));
      CompletableFuture<List<Delivery>> waiting = taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT);
      awaitConsumers(broker, docket, VIDEO_ASR);

      link.cut();

      await().until(waiting::isDone);
      assertThatThrownBy(waiting::join).hasCauseInstanceOf(BrokerUnavailable.class);
    }
  }

  @Test
  default void cancelledPollTakesNothing() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      CompletableFuture<List<Delivery>> waiting = taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT);
      awaitConsumers(broker, docket, VIDEO_ASR);
      waiting.cancel(true);
      await().until(() -> docket.taskQueue().openPolls() == 0);

      String published = publish(docket, "ASR", TargetType.VIDEO, 5);

      assertThat(ids(take(docket, List.of(VIDEO_ASR), 1))).containsExactly(published);
    }
  }

  @Test
  default void pollsCancelledImmediatelyHoldNoMessages() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      List<String> published = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        published.add(publish(docket, "ASR", TargetType.VIDEO, 5));
      }
      List<CompletableFuture<List<Delivery>>> takings = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        takings.add(taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT));
        takings.get(i / 2).cancel(true);
      }
      takings.forEach(taking -> taking.cancel(true));
      List<String> taken = new ArrayList<>();
      for (CompletableFuture<List<Delivery>> taking : takings) {
        if (!taking.isCancelled()) {
          taken.addAll(ids(result(taking)));
        }
      }

      // A poll that was cancelled too late has its message; all others are in the queue.
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
  default void requeuesUnsettledMessagesAfterTheTimeout() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      try (LimitedQueue limited = new LimitedQueue(broker, 500, Duration.ofMillis(200))) {
        String published = publish(docket, "ASR", TargetType.VIDEO, 5);
        assertThat(ids(result(taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG_WAIT))))
            .containsExactly(published);
        assertThat(ids(result(taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT))))
            .containsExactly(published);
      }
    }
  }

  @Test
  default void rejectsPollsAboveTheLimit() throws Exception {
    try (BrokerFixture broker = broker();
        LimitedQueue limited = new LimitedQueue(broker, 2, LONG_WAIT)) {
      List<CompletableFuture<List<Delivery>>> openPolls = new ArrayList<>();
      openPolls.add(taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG_WAIT));
      openPolls.add(taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG_WAIT));

      CompletableFuture<List<Delivery>> rejected =
          taking(limited.queue(), List.of(VIDEO_ASR), 1, LONG_WAIT);
      assertThat(rejected).isCompletedExceptionally();
      assertThatThrownBy(rejected::join).hasCauseInstanceOf(BrokerUnavailable.class);

      openPolls.get(0).cancel(true);
      await().until(() -> limited.queue().openPolls() == 1);
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

      // Qpid closes the connection of a client that reads from a queue that does not exist.
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
  default void dropsForeignMessagesAndDeliversTheOthers() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR);
      try (Channel channel = broker.channel()) {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().priority(9).build();
        channel.basicPublish(
            "", queue(broker, VIDEO_ASR), properties, "hello".getBytes(StandardCharsets.UTF_8));
      }
      await().until(() -> broker.ready(queue(broker, VIDEO_ASR)) == 1);
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);

      List<Delivery> taken = take(docket, List.of(VIDEO_ASR), 2);
      assertThat(ids(taken)).containsExactly(published);
      taken.forEach(Delivery::acknowledge);
      await().until(() -> docket.taskQueue().openPolls() == 0);
      assertThat(broker.ready(queue(broker, VIDEO_ASR))).isZero();
    }
  }

  @Test
  default void stopRequeuesMessagesAndCompletesEveryPoll() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      declare(docket, VIDEO_ASR, VIDEO_OCR);
      String published = publish(docket, "ASR", TargetType.VIDEO, 5);
      assertThat(take(docket, List.of(VIDEO_ASR), 1)).hasSize(1);
      CompletableFuture<List<Delivery>> waiting = taking(docket, List.of(VIDEO_OCR), 1, LONG_WAIT);

      docket.stop();

      await().until(waiting::isDone);
      RabbitBroker other = broker.started();
      assertThat(ids(result(taking(other, List.of(VIDEO_ASR), 1, LONG_WAIT))))
          .containsExactly(published);
      assertThat(taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT)).isCompletedExceptionally();
    }
  }

  /** A task queue with its own limits, on a separate connection. */
  final class LimitedQueue implements AutoCloseable {
    private final RabbitConnection connection;
    private final RabbitTaskQueue queue;

    LimitedQueue(BrokerFixture broker, int maxPolls, Duration settleTimeout) {
      RabbitSettings settings = broker.settings();
      RabbitTopology topology =
          new RabbitTopology(broker.names(), BrokerFixture.protocols(broker.names()));
      connection = new RabbitConnection("limited", settings, topology);
      queue = new RabbitTaskQueue(topology, new RabbitTaskQueue.Limits(maxPolls, settleTimeout));
      connection.add(queue);
      connection.start();
      await().until(() -> connection.healthError().isEmpty());
    }

    RabbitTaskQueue queue() {
      return queue;
    }

    @Override
    public void close() {
      queue.stop();
      connection.stop();
    }
  }

  @Test
  default void pollFailsWithoutABroker() {
    RabbitBroker docket =
        BrokerFixture.unstarted(SampleSettings.at(java.net.URI.create("amqp://127.0.0.1:1")));
    CompletableFuture<List<Delivery>> rejected = taking(docket, List.of(VIDEO_ASR), 1, LONG_WAIT);
    assertThat(rejected).isCompletedExceptionally();
    assertThatThrownBy(rejected::join).hasCauseInstanceOf(BrokerUnavailable.class);
  }

  /** Declares the queues, by a poll without a wait. */
  private static void declare(RabbitBroker docket, Route... routes) {
    assertThat(result(taking(docket, List.of(routes), 1, Duration.ZERO))).isEmpty();
  }

  private static String publish(RabbitBroker docket, String key, TargetType type, int priority) {
    Task task = SampleTasks.task("docket", key, type, priority);
    CompletableFuture<PublishOutcome> sent = docket.publisher().publish(task).toCompletableFuture();
    await().until(sent::isDone);
    assertThat(sent).isCompletedWithValue(PublishOutcome.CONFIRMED);
    return task.id().value();
  }

  private static List<Delivery> take(RabbitBroker docket, Collection<Route> routes, int max) {
    return result(taking(docket, routes, max, Duration.ofSeconds(1)));
  }

  private static CompletableFuture<List<Delivery>> taking(
      RabbitBroker docket, Collection<Route> routes, int max, Duration wait) {
    return taking(docket.taskQueue(), routes, max, wait);
  }

  private static CompletableFuture<List<Delivery>> taking(
      TaskQueue queue, Collection<Route> routes, int max, Duration wait) {
    return queue.take(routes, max, wait).toCompletableFuture();
  }

  private static List<Delivery> result(CompletableFuture<List<Delivery>> taking) {
    await().until(taking::isDone);
    return taking.join();
  }

  private static List<String> ids(List<Delivery> taken) {
    return taken.stream().map(delivery -> delivery.run().task()).toList();
  }

  private static String queue(BrokerFixture broker, Route route) {
    return broker.prefix() + "docket.v1." + route.key() + "." + route.type().wire();
  }

  private static void awaitConsumers(BrokerFixture broker, RabbitBroker docket, Route route) {
    await()
        .until(
            () -> {
              try (Channel channel = broker.channel()) {
                return channel.consumerCount(docket.topology().workerQueue(route)) > 0;
              }
            });
  }
}

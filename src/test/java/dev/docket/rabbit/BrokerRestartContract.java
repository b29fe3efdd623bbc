package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.document.TargetType;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.consume.RecordingReplyHandler;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link RabbitBroker} guarantees across a restart of a broker that keeps durable data. */
interface BrokerRestartContract {

  Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  /** A new fixture, on a broker that may be stopped and that keeps durable queues on disk. */
  BrokerFixture broker();

  @Test
  default void restartWithMessagesInFlightLosesNothing() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      Map<Task, CompletableFuture<PublishOutcome>> pending = new LinkedHashMap<>();
      List<Task> confirmed = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        Task task = SampleTasks.task("docket", "ASR");
        pending.put(task, docket.publisher().publish(task).toCompletableFuture());
      }

      broker.broker().stop();
      await().until(() -> !docket.publisher().ready());
      broker.broker().startAgain();

      // Like the outbox, publishes again after NOT_NOW.
      await()
          .until(
              () -> {
                for (Task task : List.copyOf(pending.keySet())) {
                  CompletableFuture<PublishOutcome> outcome = pending.get(task);
                  if (outcome.isDone() && outcome.join() == PublishOutcome.CONFIRMED) {
                    pending.remove(task);
                    confirmed.add(task);
                  } else if (outcome.isDone()) {
                    assertThat(outcome.join()).isEqualTo(PublishOutcome.NOT_NOW);
                    pending.put(task, docket.publisher().publish(task).toCompletableFuture());
                  }
                }
                return pending.isEmpty();
              });
      Set<String> arrived = new HashSet<>();
      broker
          .drain(queue)
          .forEach(
              message ->
                  arrived.add(
                      RunId.parse(message.getProps().getCorrelationId()).orElseThrow().task()));
      assertThat(arrived)
          .containsExactlyInAnyOrderElementsOf(
              confirmed.stream().map(task -> task.id().value()).toList());
    }
  }

  @Test
  default void declaresNonDurableExchangesAgain() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      broker.broker().stop();
      await().until(() -> docket.healthError().isPresent());
      broker.broker().startAgain();
      BrokerFixture.awaitReady(docket);

      try (Channel channel = broker.channel()) {
        String queue = broker.prefix() + "late-workers";
        channel.queueDeclare(queue, true, false, false, Map.of());
        channel.queueBind(queue, broker.prefix() + "late-exchange", "#.ASR");
      }
      CompletableFuture<PublishOutcome> sent =
          docket
              .publisher()
              .publish(SampleTasks.task(LateAckProtocol.NAME, "ASR"))
              .toCompletableFuture();
      await().until(sent::isDone);
      assertThat(sent).isCompletedWithValue(PublishOutcome.CONFIRMED);
    }
  }

  @Test
  default void startsBeforeTheBrokerAndNotifiesOfEachConnect() throws Exception {
    try (BrokerFixture broker = broker()) {
      broker.broker().stop();
      RecordingReplyHandler handler = RecordingReplyHandler.always(AckDecision.ACKNOWLEDGE);
      AtomicInteger connected = new AtomicInteger();
      RabbitBroker docket = BrokerFixture.unstarted(broker.settings());
      docket.consumeReplies(handler);
      docket.whenConnected(connected::incrementAndGet);
      docket.start();
      try {
        await()
            .untilAsserted(
                () ->
                    assertThat(docket.healthError())
                        .get()
                        .asString()
                        .contains("Connection refused"));
        assertThat(docket.publisher().ready()).isFalse();

        broker.broker().startAgain();
        BrokerFixture.awaitReady(docket);
        assertThat(connected).hasValue(1);
        try (Channel channel = broker.channel()) {
          channel.basicPublish(
              "",
              broker.prefix() + "docket-responses",
              null,
              "reply".getBytes(StandardCharsets.UTF_8));
        }
        await().until(() -> handler.bodies().equals(List.of("reply")));

        broker.broker().stop();
        await().until(() -> docket.healthError().isPresent());
        broker.broker().startAgain();
        BrokerFixture.awaitReady(docket);
        assertThat(connected).hasValue(2);
      } finally {
        docket.stop();
      }
    }
  }

  @Test
  default void consumesRepliesAgainAfterARestart() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler = RecordingReplyHandler.always(AckDecision.RETRY_LATER);
      RabbitBroker docket = broker.started(broker.settings(), handler);
      try (Channel channel = broker.channel()) {
        channel.confirmSelect();
        channel.basicPublish(
            "",
            docket.topology().responseQueue(),
            MessageProperties.PERSISTENT_BASIC,
            "reply".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(30_000);
      }
      await().until(() -> !handler.replies().isEmpty());

      broker.broker().stop();
      await().until(() -> docket.healthError().isPresent());
      handler.setDecision(AckDecision.ACKNOWLEDGE);
      int before = handler.replies().size();
      broker.broker().startAgain();

      await().until(() -> handler.replies().size() > before);
      BrokerFixture.awaitReady(docket);
      docket.stop();
      assertThat(broker.ready(docket.topology().responseQueue())).isZero();
    }
  }
}

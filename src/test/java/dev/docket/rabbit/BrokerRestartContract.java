package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.document.TargetType;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.consume.RecordingReplyHandler;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a restart of the broker must not spoil. It keeps what is durable. */
interface BrokerRestartContract {

  Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  /** A new one, on a broker that may be stopped and keeps what is durable. */
  BrokerFixture broker();

  @Test
  default void restartInMidFlightLosesNothing() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      Map<Task, CompletableFuture<Sent>> open = new LinkedHashMap<>();
      List<Task> confirmed = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        Task task = SampleTasks.task("docket", "ASR");
        open.put(task, docket.publisher().publish(task).toCompletableFuture());
      }

      broker.broker().stop();
      await().until(() -> !docket.publisher().ready());
      broker.broker().startAgain();

      // As the outbox does it: who is told NOT_NOW tries again later.
      await()
          .until(
              () -> {
                for (Task task : List.copyOf(open.keySet())) {
                  CompletableFuture<Sent> answer = open.get(task);
                  if (answer.isDone() && answer.join() == Sent.CONFIRMED) {
                    open.remove(task);
                    confirmed.add(task);
                  } else if (answer.isDone()) {
                    assertThat(answer.join()).isEqualTo(Sent.NOT_NOW);
                    open.put(task, docket.publisher().publish(task).toCompletableFuture());
                  }
                }
                return open.isEmpty();
              });
      Set<String> arrived = new HashSet<>();
      broker
          .drain(queue)
          .forEach(
              got ->
                  arrived.add(RunId.parse(got.getProps().getCorrelationId()).orElseThrow().task()));
      assertThat(arrived)
          .containsExactlyInAnyOrderElementsOf(
              confirmed.stream().map(task -> task.id().value()).toList());
    }
  }

  @Test
  default void exchangeThatDoesNotSurviveIsDeclaredAgain() throws Exception {
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
      CompletableFuture<Sent> sent =
          docket
              .publisher()
              .publish(SampleTasks.task(LateAckProtocol.NAME, "ASR"))
              .toCompletableFuture();
      await().until(sent::isDone);
      assertThat(sent).isCompletedWithValue(Sent.CONFIRMED);
    }
  }

  @Test
  default void startsBeforeItsBrokerAndTellsOfEachConnection() throws Exception {
    try (BrokerFixture broker = broker()) {
      broker.broker().stop();
      RecordingReplyHandler answers = RecordingReplyHandler.always(AckDecision.DONE);
      AtomicInteger connected = new AtomicInteger();
      RabbitBroker docket =
          new RabbitBroker(broker.settings(), BrokerFixture.protocols(), Clock.systemUTC());
      docket.answerTo(answers);
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
              "answer".getBytes(StandardCharsets.UTF_8));
        }
        await().until(() -> answers.bodies().equals(List.of("answer")));

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
  default void answersAreTakenAgainAfterARestart() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers = RecordingReplyHandler.always(AckDecision.NOT_NOW);
      RabbitBroker docket = broker.started(broker.settings(), answers);
      try (Channel channel = broker.channel()) {
        channel.confirmSelect();
        channel.basicPublish(
            "",
            docket.topology().responses(),
            MessageProperties.PERSISTENT_BASIC,
            "answer".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(30_000);
      }
      await().until(() -> !answers.offers().isEmpty());

      broker.broker().stop();
      await().until(() -> docket.healthError().isPresent());
      answers.fromNowOn(AckDecision.DONE);
      int before = answers.offers().size();
      broker.broker().startAgain();

      await().until(() -> answers.offers().size() > before);
      BrokerFixture.awaitReady(docket);
      docket.stop();
      assertThat(broker.ready(docket.topology().responses())).isZero();
    }
  }
}

package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.docket.broker.Answers.Fate;
import dev.docket.broker.TaskCourier.Sent;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleTasks;
import dev.docket.protocol.TestLateCourier;
import dev.docket.rabbit.consume.RecordingAnswers;
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
  BrokerUnderTest broker();

  @Test
  default void restartInMidFlightLosesNothing() throws Exception {
    try (BrokerUnderTest broker = broker()) {
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
    try (BrokerUnderTest broker = broker()) {
      RabbitBroker docket = broker.started();
      broker.broker().stop();
      await().until(() -> docket.trouble().isPresent());
      broker.broker().startAgain();
      BrokerUnderTest.awaitReady(docket);

      try (Channel channel = broker.channel()) {
        String queue = broker.prefix() + "late-workers";
        channel.queueDeclare(queue, true, false, false, Map.of());
        channel.queueBind(queue, broker.prefix() + "late-exchange", "#.ASR");
      }
      CompletableFuture<Sent> sent =
          docket
              .publisher()
              .publish(SampleTasks.task(TestLateCourier.NAME, "ASR"))
              .toCompletableFuture();
      await().until(sent::isDone);
      assertThat(sent).isCompletedWithValue(Sent.CONFIRMED);
    }
  }

  @Test
  default void startsBeforeItsBrokerAndTellsOfEachConnection() throws Exception {
    try (BrokerUnderTest broker = broker()) {
      broker.broker().stop();
      RecordingAnswers answers = RecordingAnswers.always(Fate.DONE);
      AtomicInteger connected = new AtomicInteger();
      RabbitBroker docket =
          new RabbitBroker(broker.settings(), BrokerUnderTest.couriers(), Clock.systemUTC());
      docket.answerTo(answers);
      docket.whenConnected(connected::incrementAndGet);
      docket.start();
      try {
        await()
            .untilAsserted(
                () -> assertThat(docket.trouble()).get().asString().contains("Connection refused"));
        assertThat(docket.publisher().ready()).isFalse();

        broker.broker().startAgain();
        BrokerUnderTest.awaitReady(docket);
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
        await().until(() -> docket.trouble().isPresent());
        broker.broker().startAgain();
        BrokerUnderTest.awaitReady(docket);
        assertThat(connected).hasValue(2);
      } finally {
        docket.stop();
      }
    }
  }

  @Test
  default void answersAreTakenAgainAfterARestart() throws Exception {
    try (BrokerUnderTest broker = broker()) {
      RecordingAnswers answers = RecordingAnswers.always(Fate.NOT_NOW);
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
      await().until(() -> docket.trouble().isPresent());
      answers.fromNowOn(Fate.DONE);
      int before = answers.offers().size();
      broker.broker().startAgain();

      await().until(() -> answers.offers().size() > before);
      BrokerUnderTest.awaitReady(docket);
      docket.stop();
      assertThat(broker.ready(docket.topology().responses())).isZero();
    }
  }
}

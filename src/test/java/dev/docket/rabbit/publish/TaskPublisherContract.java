package dev.docket.rabbit.publish;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.broker.TaskPublisher;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.document.TargetType;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.NetworkLink;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.wire.RunId;
import dev.docket.wire.Topology;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@link TaskPublisher} promises, on any broker. */
interface TaskPublisherContract {

  Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  /** A new one, on the broker of the class. */
  BrokerFixture broker();

  @Test
  default void confirmedMessageIsInItsQueueAsWorkersExpectIt() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      Task task = SampleTasks.task("docket", "ASR", TargetType.VIDEO, 7);

      assertThat(outcome(docket.publisher().publish(task))).isEqualTo(Sent.CONFIRMED);

      GetResponse got = broker.first(queue);
      AMQP.BasicProperties properties = got.getProps();
      assertThat(RunId.parse(properties.getCorrelationId()))
          .contains(new RunId(task.id().value(), 1, task.run()));
      assertThat(properties.getDeliveryMode()).isEqualTo(2);
      assertThat(properties.getPriority()).isEqualTo(7);
      assertThat(properties.getContentType()).isEqualTo("application/json");
      assertThat(properties.getContentEncoding()).isEqualTo("utf-8");
      assertThat(properties.getReplyTo()).isEqualTo(broker.prefix() + "docket-responses");
      assertThat(properties.getMessageId()).isNotEmpty();
      assertThat(properties.getTimestamp()).isNotNull();
      assertThat(properties.getHeaders().get("traceparent").toString())
          .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
      assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("Video.ASR");
      JsonNode body = new ObjectMapper().readTree(got.getBody());
      assertThat(body.at("/task/_id").asText()).isEqualTo(task.id().value());
    }
  }

  @Test
  default void messageThatNoQueueTakesIsUnroutable() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      broker.workerQueue(ASR);

      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "OCR"))))
          .isEqualTo(Sent.UNROUTABLE);
      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "ASR"))))
          .isEqualTo(Sent.CONFIRMED);
      assertThat(docket.publisher().unconfirmed()).isZero();
    }
  }

  @Test
  default void eachOfManyInFlightGetsItsOwnOutcome() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);

      List<CompletableFuture<Sent>> routed = new ArrayList<>();
      List<CompletableFuture<Sent>> lost = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        routed.add(published(docket, SampleTasks.task("docket", "ASR")));
        lost.add(published(docket, SampleTasks.task("docket", "OCR")));
      }

      assertThat(outcomes(routed)).containsOnly(Sent.CONFIRMED);
      assertThat(outcomes(lost)).containsOnly(Sent.UNROUTABLE);
      assertThat(broker.drain(queue)).hasSize(500);
    }
  }

  @Test
  default void whatIsTooMuchIsRefusedAtOnceAndThereIsRoomAgainLater() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitSettings few =
          RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()).withMaxUnconfirmed(10);
      RabbitBroker docket = broker.started(few);
      broker.workerQueue(ASR);

      wire.goDead();
      List<CompletableFuture<Sent>> taken = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        taken.add(published(docket, SampleTasks.task("docket", "ASR")));
      }
      assertThat(docket.publisher().ready()).isFalse();
      CompletableFuture<Sent> refused = published(docket, SampleTasks.task("docket", "ASR"));
      assertThat(refused).isCompletedWithValue(Sent.NOT_NOW);
      assertThat(taken).noneMatch(CompletableFuture::isDone);

      wire.comeBack();
      assertThat(outcomes(taken)).containsOnly(Sent.CONFIRMED);
      await().until(docket.publisher()::ready);
    }
  }

  @Test
  default void deletedExchangeIsDeclaredAgainAndNothingIsLost() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      try (Channel channel = broker.channel()) {
        channel.exchangeDelete(broker.prefix() + Topology.EXCHANGE);
      }

      // Its bindings went with it, so there is an exchange again but no way to a queue.
      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "ASR"))))
          .isEqualTo(Sent.UNROUTABLE);
      broker.workerQueue(ASR);
      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "ASR"))))
          .isEqualTo(Sent.CONFIRMED);
      assertThat(broker.drain(queue)).hasSize(1);
    }
  }

  @Test
  default void oneExchangeThatIsGoneHoldsUpNoMessageForAnother() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      List<CompletableFuture<Sent>> routed = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        routed.add(published(docket, SampleTasks.task("docket", "ASR")));
        if (i == 150) {
          try (Channel channel = broker.channel()) {
            channel.exchangeDelete(broker.prefix() + new LateAckProtocol().exchange().name());
          }
          routed.add(
              published(docket, SampleTasks.task(LateAckProtocol.NAME, "ASR"))
                  .thenApply(sent -> sent == Sent.UNROUTABLE ? Sent.CONFIRMED : sent));
        }
      }

      assertThat(outcomes(routed)).containsOnly(Sent.CONFIRMED);
      assertThat(ids(broker.drain(queue))).hasSize(300);
    }
  }

  @Test
  default void unconfirmedMessagesSurviveACutConnection() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()));
      String queue = broker.workerQueue(ASR);

      List<Task> tasks = new ArrayList<>();
      List<CompletableFuture<Sent>> answers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        Task task = SampleTasks.task("docket", "ASR");
        tasks.add(task);
        answers.add(published(docket, task));
        if (i == 500) {
          wire.goDead();
        }
      }
      assertThat(answers).anyMatch(answer -> !answer.isDone());
      wire.cut();
      wire.comeBack();

      // Those that came while there was no connection were refused at once, and not taken.
      List<Sent> sent = outcomes(answers);
      assertThat(sent).contains(Sent.CONFIRMED).doesNotContain(Sent.UNROUTABLE);
      Set<String> arrived = ids(broker.drain(queue));
      for (int i = 0; i < tasks.size(); i++) {
        if (sent.get(i) == Sent.CONFIRMED) {
          assertThat(arrived).contains(tasks.get(i).id().value());
        }
      }
      assertThat(sent.subList(0, 501)).containsOnly(Sent.CONFIRMED);
    }
  }

  @Test
  default void deadConnectionIsNoticedHoweverMuchIsBeingWritten() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(
              RabbitSettings.at(wire.uri())
                  .withPrefix(broker.prefix())
                  .withHeartbeat(Duration.ofSeconds(1)));
      String queue = broker.workerQueue(ASR);
      wire.goDead();

      // More than sockets hold, so that the writer is stuck in the middle of one.
      List<CompletableFuture<Sent>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(
            published(
                docket,
                SampleTasks.task(
                    "docket", "ASR", TargetType.VIDEO, 1, Map.of("text", "x".repeat(100_000)))));
      }
      await().until(() -> docket.healthError().isPresent());
      wire.cut();
      wire.comeBack();

      assertThat(outcomes(answers)).containsOnly(Sent.CONFIRMED);
      assertThat(ids(broker.drain(queue))).hasSize(200);
    }
  }

  @Test
  default void everythingEndsWhenItIsStopped() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()));
      broker.workerQueue(ASR);
      wire.goDead();
      List<CompletableFuture<Sent>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(
            published(
                docket,
                SampleTasks.task(
                    "docket", "ASR", TargetType.VIDEO, 1, Map.of("text", "x".repeat(100_000)))));
      }

      docket.stop();

      assertThat(outcomes(answers)).containsOnly(Sent.NOT_NOW);
      assertThat(published(docket, SampleTasks.task("docket", "ASR")))
          .isCompletedWithValue(Sent.NOT_NOW);
    }
  }

  @Test
  default void withoutABrokerItIsNotNowAndTheReasonIsKnown() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    RabbitBroker docket =
        new RabbitBroker(
            RabbitSettings.at(URI.create("amqp://guest:guest@127.0.0.1:" + nobody)),
            BrokerFixture.protocols(),
            Clock.systemUTC());
    docket.start();
    try {
      assertThat(docket.publisher().ready()).isFalse();
      assertThat(published(docket, SampleTasks.task("docket", "ASR")))
          .isCompletedWithValue(Sent.NOT_NOW);
      await()
          .untilAsserted(
              () ->
                  assertThat(docket.healthError()).get().asString().contains("Connection refused"));
    } finally {
      docket.stop();
    }
  }

  @Test
  default void wrongPasswordIsTheReason() throws Exception {
    try (BrokerFixture broker = broker()) {
      URI address = broker.broker().amqp();
      RabbitBroker docket =
          new RabbitBroker(
              RabbitSettings.at(
                  URI.create(
                      "amqp://guest:wrong@%s:%d".formatted(address.getHost(), address.getPort()))),
              BrokerFixture.protocols(),
              Clock.systemUTC());
      docket.start();
      try {
        await()
            .untilAsserted(
                () -> assertThat(docket.healthError()).get().asString().contains("authentication"));
        assertThat(docket.healthError()).get().asString().doesNotContain("wrong");
        assertThat(docket.publisher().ready()).isFalse();
      } finally {
        docket.stop();
      }
    }
  }

  @Test
  default void courierThatIsNotConfiguredIsNotNow() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      assertThat(published(docket, SampleTasks.task("pigeon", "ASR")))
          .isCompletedWithValue(Sent.NOT_NOW);
    }
  }

  private static CompletableFuture<Sent> published(RabbitBroker docket, Task task) {
    return docket.publisher().publish(task).toCompletableFuture();
  }

  private static Sent outcome(CompletionStage<Sent> stage) {
    CompletableFuture<Sent> future = stage.toCompletableFuture();
    await().until(future::isDone);
    return future.join();
  }

  private static List<Sent> outcomes(List<CompletableFuture<Sent>> answers) {
    await().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
    return answers.stream().map(CompletableFuture::join).toList();
  }

  /** The tasks of the messages; each may be there twice. */
  private static Set<String> ids(List<GetResponse> messages) {
    return messages.stream()
        .map(got -> RunId.parse(got.getProps().getCorrelationId()).orElseThrow().task())
        .collect(Collectors.toCollection(HashSet::new));
  }
}

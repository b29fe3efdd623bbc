package dev.docket.rabbit.publish;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.broker.TaskPublisher;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.document.TargetType;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.NetworkLink;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.SampleSettings;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.wire.RunId;
import dev.docket.wire.Topology;
import java.net.ServerSocket;
import java.net.URI;
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

/** What {@link TaskPublisher} guarantees on every broker. */
interface TaskPublisherContract {

  Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  /** A new fixture, on the broker of the test class. */
  BrokerFixture broker();

  @Test
  default void confirmedMessageIsInItsQueueWithTheExpectedProperties() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      Task task = SampleTasks.task("docket", "ASR", TargetType.VIDEO, 7);

      assertThat(outcome(docket.publisher().publish(task))).isEqualTo(PublishOutcome.CONFIRMED);

      GetResponse message = broker.first(queue);
      AMQP.BasicProperties properties = message.getProps();
      assertThat(RunId.parse(properties.getCorrelationId()))
          .contains(new RunId(task.id().value(), 1, task.run().token()));
      assertThat(properties.getDeliveryMode()).isEqualTo(2);
      assertThat(properties.getPriority()).isEqualTo(7);
      assertThat(properties.getContentType()).isEqualTo("application/json");
      assertThat(properties.getContentEncoding()).isEqualTo("utf-8");
      assertThat(properties.getReplyTo()).isEqualTo(broker.prefix() + "docket-responses");
      assertThat(properties.getMessageId()).isNotEmpty();
      assertThat(properties.getTimestamp()).isNotNull();
      assertThat(properties.getHeaders().get("traceparent").toString())
          .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
      assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("Video.ASR");
      JsonNode body = new ObjectMapper().readTree(message.getBody());
      assertThat(body.at("/task/_id").asText()).isEqualTo(task.id().value());
    }
  }

  @Test
  default void messageWithoutABoundQueueIsUnroutable() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      broker.workerQueue(ASR);

      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "OCR"))))
          .isEqualTo(PublishOutcome.UNROUTABLE);
      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "ASR"))))
          .isEqualTo(PublishOutcome.CONFIRMED);
      assertThat(docket.publisher().unconfirmed()).isZero();
    }
  }

  @Test
  default void eachMessageInFlightGetsItsOwnOutcome() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);

      List<CompletableFuture<PublishOutcome>> routed = new ArrayList<>();
      List<CompletableFuture<PublishOutcome>> unroutable = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        routed.add(publish(docket, SampleTasks.task("docket", "ASR")));
        unroutable.add(publish(docket, SampleTasks.task("docket", "OCR")));
      }

      assertThat(outcomes(routed)).containsOnly(PublishOutcome.CONFIRMED);
      assertThat(outcomes(unroutable)).containsOnly(PublishOutcome.UNROUTABLE);
      assertThat(broker.drain(queue)).hasSize(500);
    }
  }

  @Test
  default void rejectsMessagesAboveTheLimitUntilOthersAreConfirmed() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitSettings limited =
          SampleSettings.at(
              link.uri(), broker.prefix(), SampleSettings.HEARTBEAT, 10, SampleSettings.PREFETCH);
      RabbitBroker docket = broker.started(limited);
      broker.workerQueue(ASR);

      link.freeze();
      List<CompletableFuture<PublishOutcome>> accepted = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        accepted.add(publish(docket, SampleTasks.task("docket", "ASR")));
      }
      assertThat(docket.publisher().ready()).isFalse();
      CompletableFuture<PublishOutcome> rejected =
          publish(docket, SampleTasks.task("docket", "ASR"));
      assertThat(rejected).isCompletedWithValue(PublishOutcome.NOT_NOW);
      assertThat(accepted).noneMatch(CompletableFuture::isDone);

      link.resume();
      assertThat(outcomes(accepted)).containsOnly(PublishOutcome.CONFIRMED);
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

      // The bindings were deleted with the exchange, so messages are unroutable until bound again.
      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "ASR"))))
          .isEqualTo(PublishOutcome.UNROUTABLE);
      broker.workerQueue(ASR);
      assertThat(outcome(docket.publisher().publish(SampleTasks.task("docket", "ASR"))))
          .isEqualTo(PublishOutcome.CONFIRMED);
      assertThat(broker.drain(queue)).hasSize(1);
    }
  }

  @Test
  default void deletedExchangeDoesNotAffectMessagesToOthers() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      List<CompletableFuture<PublishOutcome>> routed = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        routed.add(publish(docket, SampleTasks.task("docket", "ASR")));
        if (i == 150) {
          try (Channel channel = broker.channel()) {
            channel.exchangeDelete(broker.prefix() + LateAckProtocol.EXCHANGE);
          }
          routed.add(
              publish(docket, SampleTasks.task(LateAckProtocol.NAME, "ASR"))
                  .thenApply(
                      sent -> sent == PublishOutcome.UNROUTABLE ? PublishOutcome.CONFIRMED : sent));
        }
      }

      assertThat(outcomes(routed)).containsOnly(PublishOutcome.CONFIRMED);
      assertThat(ids(broker.drain(queue))).hasSize(300);
    }
  }

  @Test
  default void unconfirmedMessagesSurviveACutConnection() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()));
      String queue = broker.workerQueue(ASR);

      List<Task> tasks = new ArrayList<>();
      List<CompletableFuture<PublishOutcome>> futures = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        Task task = SampleTasks.task("docket", "ASR");
        tasks.add(task);
        futures.add(publish(docket, task));
        if (i == 500) {
          link.freeze();
        }
      }
      assertThat(futures).anyMatch(future -> !future.isDone());
      link.cut();
      link.resume();

      // Messages published while there was no connection were rejected immediately.
      List<PublishOutcome> sent = outcomes(futures);
      assertThat(sent).contains(PublishOutcome.CONFIRMED).doesNotContain(PublishOutcome.UNROUTABLE);
      Set<String> arrived = ids(broker.drain(queue));
      for (int i = 0; i < tasks.size(); i++) {
        if (sent.get(i) == PublishOutcome.CONFIRMED) {
          assertThat(arrived).contains(tasks.get(i).id().value());
        }
      }
      assertThat(sent.subList(0, 501)).containsOnly(PublishOutcome.CONFIRMED);
    }
  }

  @Test
  default void detectsAFrozenConnectionWhileWriting() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(
              SampleSettings.at(
                  link.uri(),
                  broker.prefix(),
                  Duration.ofSeconds(1),
                  SampleSettings.MAX_UNCONFIRMED,
                  SampleSettings.PREFETCH));
      String queue = broker.workerQueue(ASR);
      link.freeze();

      // More than the socket buffers hold, so that the writer blocks in the middle of a message.
      List<CompletableFuture<PublishOutcome>> futures = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        futures.add(
            publish(
                docket,
                SampleTasks.task(
                    "docket", "ASR", TargetType.VIDEO, 1, Map.of("text", "x".repeat(100_000)))));
      }
      await().until(() -> docket.healthError().isPresent());
      link.cut();
      link.resume();

      assertThat(outcomes(futures)).containsOnly(PublishOutcome.CONFIRMED);
      assertThat(ids(broker.drain(queue))).hasSize(200);
    }
  }

  @Test
  default void stopCompletesAllMessages() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()));
      broker.workerQueue(ASR);
      link.freeze();
      List<CompletableFuture<PublishOutcome>> futures = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        futures.add(
            publish(
                docket,
                SampleTasks.task(
                    "docket", "ASR", TargetType.VIDEO, 1, Map.of("text", "x".repeat(100_000)))));
      }

      docket.stop();

      assertThat(outcomes(futures)).containsOnly(PublishOutcome.NOT_NOW);
      assertThat(publish(docket, SampleTasks.task("docket", "ASR")))
          .isCompletedWithValue(PublishOutcome.NOT_NOW);
    }
  }

  @Test
  default void withoutABrokerTheOutcomeIsNotNowAndTheReasonIsReported() throws Exception {
    int unusedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      unusedPort = socket.getLocalPort();
    }
    RabbitBroker docket =
        BrokerFixture.unstarted(
            SampleSettings.at(URI.create("amqp://guest:guest@127.0.0.1:" + unusedPort)));
    docket.start();
    try {
      assertThat(docket.publisher().ready()).isFalse();
      assertThat(publish(docket, SampleTasks.task("docket", "ASR")))
          .isCompletedWithValue(PublishOutcome.NOT_NOW);
      await()
          .untilAsserted(
              () ->
                  assertThat(docket.healthError()).get().asString().contains("Connection refused"));
    } finally {
      docket.stop();
    }
  }

  @Test
  default void reportsAWrongPassword() throws Exception {
    try (BrokerFixture broker = broker()) {
      URI address = broker.broker().amqp();
      RabbitBroker docket =
          BrokerFixture.unstarted(
              SampleSettings.at(
                  URI.create(
                      "amqp://guest:wrong@%s:%d".formatted(address.getHost(), address.getPort()))));
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
  default void unknownWorkerProtocolIsNotNow() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      assertThat(publish(docket, SampleTasks.task("unknown", "ASR")))
          .isCompletedWithValue(PublishOutcome.NOT_NOW);
    }
  }

  private static CompletableFuture<PublishOutcome> publish(RabbitBroker docket, Task task) {
    return docket.publisher().publish(task).toCompletableFuture();
  }

  private static PublishOutcome outcome(CompletionStage<PublishOutcome> stage) {
    CompletableFuture<PublishOutcome> future = stage.toCompletableFuture();
    await().until(future::isDone);
    return future.join();
  }

  private static List<PublishOutcome> outcomes(List<CompletableFuture<PublishOutcome>> futures) {
    await().until(() -> futures.stream().allMatch(CompletableFuture::isDone));
    return futures.stream().map(CompletableFuture::join).toList();
  }

  /** The ids of the messages' tasks, without duplicates. */
  private static Set<String> ids(List<GetResponse> messages) {
    return messages.stream()
        .map(message -> RunId.parse(message.getProps().getCorrelationId()).orElseThrow().task())
        .collect(Collectors.toCollection(HashSet::new));
  }
}

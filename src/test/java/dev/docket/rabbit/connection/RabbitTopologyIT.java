package dev.docket.rabbit.connection;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.broker.TaskQueue.Delivery;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.consume.RecordingReplyHandler;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Declares the same exchanges and queues after Docket has declared them. RabbitMQ closes the
 * channel if a declaration differs from the existing object, so a difference fails the test.
 */
final class RabbitTopologyIT {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.rabbit();

  private static final Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  private static BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }

  @Test
  void declaresEverythingAsOtherClientsDo() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      poll(docket);
      String prefix = broker.prefix();
      try (Channel channel = broker.channel()) {
        channel.exchangeDeclare(prefix + "docket-exchange", "topic", true, false, Map.of());
        channel.exchangeDeclare(prefix + "late-exchange", "topic", false, false, Map.of());
        channel.exchangeDeclare(prefix + "docket-events", "topic", true, false, Map.of());
        channel.queueDeclare(prefix + "docket-responses", true, false, false, Map.of());
        channel.queueDeclare(prefix + "docket-dead-letters", true, false, false, Map.of());
        channel.queueDeclare(
            prefix + "docket.v1.ASR.Video", true, false, false, Map.of("x-max-priority", 10));
      }
      assertThat(docket.topology().workerQueue(ASR)).isEqualTo(prefix + "docket.v1.ASR.Video");
      assertThat(docket.topology().conflicts()).isEmpty();
    }
  }

  @Test
  void bindsAWorkerQueueToItsTypeAndKeyOnly() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      poll(docket);

      assertThat(publish(docket, "ASR", TargetType.VIDEO)).isEqualTo(PublishOutcome.CONFIRMED);
      assertThat(publish(docket, "ASR", TargetType.SOUND)).isEqualTo(PublishOutcome.UNROUTABLE);
      assertThat(publish(docket, "ASR-NL", TargetType.VIDEO)).isEqualTo(PublishOutcome.UNROUTABLE);
    }
  }

  @Test
  void reportsAndUsesAQueueWithOtherArguments() throws Exception {
    try (BrokerFixture broker = broker()) {
      try (Channel channel = broker.channel()) {
        channel.queueDeclare(
            broker.prefix() + "docket-responses",
            true,
            false,
            false,
            Map.of("x-max-length", 1_000_000));
      }
      RecordingReplyHandler handler = RecordingReplyHandler.always(AckDecision.ACKNOWLEDGE);
      RabbitBroker docket = BrokerFixture.unstarted(broker.settings());
      docket.consumeReplies(handler);
      docket.start();
      try {
        await()
            .untilAsserted(
                () ->
                    assertThat(docket.healthError())
                        .get()
                        .asString()
                        .contains(
                            "queue " + broker.prefix() + "docket-responses",
                            "x-max-length",
                            "delete it")
                        .doesNotContain("unreachable"));
        try (Channel channel = broker.channel()) {
          channel.basicPublish(
              "",
              broker.prefix() + "docket-responses",
              null,
              "reply".getBytes(StandardCharsets.UTF_8));
        }
        await().until(() -> handler.bodies().equals(List.of("reply")));
        broker.workerQueue(ASR);
        assertThat(publish(docket, "ASR", TargetType.VIDEO)).isEqualTo(PublishOutcome.CONFIRMED);
      } finally {
        docket.stop();
      }
    }
  }

  @Test
  void declaresAgainAfterAConflictIsResolved() throws Exception {
    try (BrokerFixture broker = broker()) {
      String exchange = broker.prefix() + "docket-events";
      try (Channel channel = broker.channel()) {
        channel.exchangeDeclare(exchange, "direct", true);
      }
      RabbitBroker docket = BrokerFixture.unstarted(broker.settings());
      docket.consumeReplies(RecordingReplyHandler.always(AckDecision.ACKNOWLEDGE));
      docket.start();
      try {
        await().until(() -> docket.connectionError().isEmpty());
        assertThat(docket.healthError()).get().asString().contains("exchange " + exchange);

        try (Channel channel = broker.channel()) {
          channel.exchangeDelete(exchange);
        }

        BrokerFixture.awaitReady(docket);
      } finally {
        docket.stop();
      }
    }
  }

  @Test
  void reportsAndUsesAWorkerQueueWithOtherArguments() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.prefix() + "docket.v1.ASR.Video";
      try (Channel channel = broker.channel()) {
        channel.queueDeclare(queue, true, false, false, Map.of());
      }

      poll(docket);

      assertThat(docket.healthError())
          .get()
          .asString()
          .contains("queue " + queue, "x-max-priority");
      assertThat(publish(docket, "ASR", TargetType.VIDEO)).isEqualTo(PublishOutcome.CONFIRMED);
      CompletableFuture<List<Delivery>> taking =
          docket.taskQueue().take(List.of(ASR), 1, Duration.ofSeconds(60)).toCompletableFuture();
      await().until(taking::isDone);
      assertThat(taking.join()).hasSize(1);
    }
  }

  @Test
  void isUnhealthyUntilEveryComponentHasTheConnection() {
    try (BrokerFixture broker = broker()) {
      RabbitConnection connection =
          new RabbitConnection(
              "test",
              broker.settings(),
              new RabbitTopology(broker.names(), BrokerFixture.protocols(broker.names())));
      CompletableFuture<Optional<String>> healthErrorOnConnect = new CompletableFuture<>();
      connection.add(
          new RabbitConnection.Component() {
            @Override
            public void connected(Connection established) {
              healthErrorOnConnect.complete(connection.healthError());
            }

            @Override
            public void disconnected() {}
          });
      connection.start();
      try {
        await().until(healthErrorOnConnect::isDone);
        assertThat(healthErrorOnConnect.join()).isPresent();
        await().until(() -> connection.healthError().isEmpty());
      } finally {
        connection.stop();
      }
      assertThat(connection.healthError()).get().asString().contains("stopped");
    }
  }

  private static void poll(RabbitBroker docket) {
    CompletableFuture<List<Delivery>> taking =
        docket.taskQueue().take(List.of(ASR), 1, Duration.ZERO).toCompletableFuture();
    await().until(taking::isDone);
    assertThat(taking.join()).isEmpty();
  }

  private static PublishOutcome publish(RabbitBroker docket, String key, TargetType type) {
    CompletableFuture<PublishOutcome> sent =
        docket.publisher().publish(SampleTasks.task("docket", key, type, 1)).toCompletableFuture();
    await().until(sent::isDone);
    return sent.join();
  }
}

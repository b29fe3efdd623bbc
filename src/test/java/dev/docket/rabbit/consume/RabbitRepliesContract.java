package dev.docket.rabbit.consume;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.NetworkLink;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.connection.SampleSettings;
import dev.docket.rabbit.consume.RecordingReplyHandler.Reply;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** What {@link RabbitReplies} guarantees on every broker. */
interface RabbitRepliesContract {

  /** A new fixture, on the broker of the test class. */
  BrokerFixture broker();

  @Test
  default void handlesAndAcknowledgesAReply() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler = RecordingReplyHandler.acknowledging();
      RabbitBroker docket = broker.started(broker.settings(), handler);
      startLateAckWorker(broker);
      Task task = SampleTasks.task(LateAckProtocol.NAME, "ASR");
      CompletableFuture<PublishOutcome> sent =
          docket.publisher().publish(task).toCompletableFuture();
      await().until(sent::isDone);
      assertThat(sent).isCompletedWithValue(PublishOutcome.CONFIRMED);

      await().until(() -> !handler.replies().isEmpty());
      docket.stop();

      RunId run = new RunId(task.id().value(), 1, task.run().token());
      assertThat(handler.replies())
          .containsExactly(new Reply(run.toString(), "{\"state\":200,\"message\":\"done\"}"));
      assertThat(
              new LateAckProtocol(broker.names())
                  .readReply(task, run, bytes(handler.bodies().get(0))))
          .hasSize(1);
      assertThat(broker.ready(responseQueue(broker))).isZero();
    }
  }

  /** A worker that sends its reply and then acknowledges the message. */
  private static void startLateAckWorker(BrokerFixture broker) throws Exception {
    Channel channel = broker.channel();
    String queue = broker.prefix() + "late-workers";
    channel.queueDeclare(queue, true, false, false, Map.of());
    channel.queueBind(queue, broker.prefix() + "late-exchange", "#.ASR");
    channel.basicConsume(
        queue,
        false,
        (tag, message) -> {
          AMQP.BasicProperties properties =
              new AMQP.BasicProperties.Builder()
                  .correlationId(message.getProperties().getCorrelationId())
                  .build();
          channel.basicPublish(
              "",
              message.getProperties().getReplyTo(),
              properties,
              bytes("{\"state\":200,\"message\":\"done\"}"));
          channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
        },
        tag -> {});
  }

  @Test
  default void neitherLosesNorAcknowledgesAReplyThatCannotBeStored() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler = RecordingReplyHandler.always(AckDecision.RETRY_LATER);
      RabbitBroker docket = broker.started(broker.settings(), handler);
      sendReply(broker, "one");
      sendReply(broker, "two");
      // Each reply is handled repeatedly.
      await()
          .until(
              () ->
                  Collections.frequency(handler.bodies(), "one") >= 3
                      && Collections.frequency(handler.bodies(), "two") >= 3);

      docket.stop();
      await().until(() -> broker.ready(responseQueue(broker)) == 2);

      handler.setDecision(AckDecision.ACKNOWLEDGE);
      RabbitBroker next = broker.started(broker.settings(), handler);
      await().until(() -> broker.ready(responseQueue(broker)) == 0);
      next.stop();
      assertThat(broker.ready(responseQueue(broker))).isZero();
    }
  }

  @Test
  default void replyThatCannotBeStoredDoesNotDelayOthers() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler =
          new RecordingReplyHandler(
              reply ->
                  CompletableFuture.completedStage(
                      reply.body().startsWith("stuck")
                          ? AckDecision.RETRY_LATER
                          : AckDecision.ACKNOWLEDGE));
      RabbitBroker docket =
          broker.started(
              SampleSettings.at(
                  broker.broker().amqp(),
                  broker.prefix(),
                  SampleSettings.HEARTBEAT,
                  SampleSettings.MAX_UNCONFIRMED,
                  5),
              handler);
      sendReply(broker, "stuck 1");
      sendReply(broker, "stuck 2");
      for (int i = 0; i < 50; i++) {
        sendReply(broker, "reply " + i);
      }

      await().until(() -> new HashSet<>(handler.bodies()).size() == 52);
      docket.stop();
      await().until(() -> broker.ready(responseQueue(broker)) == 2);
      assertThat(bodies(broker.drain(responseQueue(broker))))
          .containsExactlyInAnyOrder("stuck 1", "stuck 2");
    }
  }

  @Test
  default void acknowledgesOnlyStoredRepliesInAnyOrder() throws Exception {
    try (BrokerFixture broker = broker()) {
      Map<String, CompletableFuture<AckDecision>> decisions = new ConcurrentHashMap<>();
      RecordingReplyHandler handler =
          new RecordingReplyHandler(
              reply -> decisions.computeIfAbsent(reply.body(), body -> new CompletableFuture<>()));
      RabbitBroker docket = broker.started(broker.settings(), handler);
      List<String> bodies = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        bodies.add("reply " + i);
        sendReply(broker, "reply " + i);
      }
      await().until(() -> decisions.size() == 300);

      Collections.shuffle(bodies, new Random(7));
      List<String> stored = bodies.subList(0, 170);
      stored.forEach(
          body ->
              ForkJoinPool.commonPool()
                  .execute(() -> decisions.get(body).complete(AckDecision.ACKNOWLEDGE)));
      await().until(() -> stored.stream().allMatch(body -> decisions.get(body).isDone()));
      docket.stop();

      await().until(() -> broker.ready(responseQueue(broker)) == 130);
      assertThat(bodies(broker.drain(responseQueue(broker))))
          .containsExactlyInAnyOrderElementsOf(bodies.subList(170, 300));
    }
  }

  @Test
  default void handlesUndecidedRepliesAgainAfterALostConnection() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      Queue<CompletableFuture<AckDecision>> undecided = new ConcurrentLinkedQueue<>();
      RecordingReplyHandler handler =
          new RecordingReplyHandler(
              reply -> {
                CompletableFuture<AckDecision> decision = new CompletableFuture<>();
                undecided.add(decision);
                return decision;
              });
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()), handler);
      sendReply(broker, "one");
      sendReply(broker, "two");
      await().until(() -> undecided.size() == 2);

      link.cut();
      await().until(() -> undecided.size() == 4);
      // Two of them belong to the lost connection and can no longer be acknowledged.
      undecided.forEach(decision -> decision.complete(AckDecision.ACKNOWLEDGE));
      docket.stop();

      assertThat(Collections.frequency(handler.bodies(), "one")).isEqualTo(2);
      assertThat(Collections.frequency(handler.bodies(), "two")).isEqualTo(2);
      assertThat(broker.ready(responseQueue(broker))).isZero();
    }
  }

  @Test
  default void publishesAnUnreadableReplyToTheDeadLetterQueueOnce() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler =
          new RecordingReplyHandler(
              reply ->
                  CompletableFuture.completedStage(
                      reply.body().equals("gibberish")
                          ? AckDecision.DEAD_LETTER
                          : AckDecision.ACKNOWLEDGE));
      RabbitBroker docket = broker.started(broker.settings(), handler);
      sendReply(broker, "fine");
      sendReply(broker, "gibberish");
      sendReply(broker, "fine too");
      await().until(() -> handler.replies().size() == 3);

      GetResponse deadLetter = broker.first(docket.topology().deadLetterQueue());
      docket.stop();

      assertThat(new String(deadLetter.getBody(), StandardCharsets.UTF_8)).isEqualTo("gibberish");
      assertThat(deadLetter.getProps().getCorrelationId()).isEqualTo("some.1.run");
      assertThat(deadLetter.getProps().getHeaders().get("x-docket-reason"))
          .hasToString("unreadable reply");
      assertThat(deadLetter.getProps().getDeliveryMode()).isEqualTo(2);
      assertThat(broker.ready(docket.topology().deadLetterQueue())).isZero();
      assertThat(broker.ready(responseQueue(broker))).isZero();
      assertThat(handler.bodies()).containsExactly("fine", "gibberish", "fine too");
    }
  }

  @Test
  default void keepsAnUnreadableReplyIfTheDeadLetterQueueWasDeleted() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler = RecordingReplyHandler.always(AckDecision.DEAD_LETTER);
      RabbitBroker docket = broker.started(broker.settings(), handler);
      try (Channel channel = broker.channel()) {
        channel.queueDelete(docket.topology().deadLetterQueue());
      }

      sendReply(broker, "gibberish");

      await().until(() -> handler.replies().size() == 1);
      await()
          .ignoreExceptions()
          .until(() -> broker.ready(docket.topology().deadLetterQueue()) == 1);
    }
  }

  @Test
  default void handlesAReplyAgainAfterTheHandlerFailed() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler =
          new RecordingReplyHandler(
              reply -> {
                throw new IllegalStateException("a bug");
              });
      RabbitBroker docket = broker.started(broker.settings(), handler);
      sendReply(broker, "one");
      await().until(() -> handler.replies().size() >= 2);
      handler.setDecision(AckDecision.ACKNOWLEDGE);
      int before = handler.replies().size();
      await().until(() -> handler.replies().size() > before);
      docket.stop();
      assertThat(broker.ready(responseQueue(broker))).isZero();
    }
  }

  @Test
  default void declaresADeletedResponseQueueAgain() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler handler = RecordingReplyHandler.acknowledging();
      RabbitBroker docket = broker.started(broker.settings(), handler);
      await().until(() -> consumers(broker) == 1);
      try (Channel channel = broker.channel()) {
        channel.queueDelete(docket.topology().responseQueue());
      }

      await().ignoreExceptions().until(() -> consumers(broker) == 1);
      sendReply(broker, "one");
      await().until(() -> handler.bodies().equals(List.of("one")));
    }
  }

  private static long consumers(BrokerFixture broker) throws Exception {
    try (Channel channel = broker.channel()) {
      return channel.consumerCount(responseQueue(broker));
    }
  }

  private static String responseQueue(BrokerFixture broker) {
    return broker.prefix() + "docket-responses";
  }

  /** Sends a reply with the correlation id {@code some.1.run}. */
  private static void sendReply(BrokerFixture broker, String body) throws Exception {
    try (Channel channel = broker.channel()) {
      channel.confirmSelect();
      AMQP.BasicProperties properties =
          new AMQP.BasicProperties.Builder().correlationId("some.1.run").deliveryMode(2).build();
      channel.basicPublish("", responseQueue(broker), properties, bytes(body));
      channel.waitForConfirmsOrDie(30_000);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> bodies(List<GetResponse> messages) {
    return messages.stream()
        .map(message -> new String(message.getBody(), StandardCharsets.UTF_8))
        .toList();
  }
}

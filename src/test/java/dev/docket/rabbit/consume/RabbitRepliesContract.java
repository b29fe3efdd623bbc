package dev.docket.rabbit.consume;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.protocol.LateAckProtocol;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.BrokerFixture;
import dev.docket.rabbit.NetworkLink;
import dev.docket.rabbit.RabbitBroker;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.consume.RecordingReplyHandler.Offer;
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

/** What {@link RabbitReplies} promises, on any broker. */
interface RabbitRepliesContract {

  /** A new one, on the broker of the class. */
  BrokerFixture broker();

  @Test
  default void answerOfALateWorkerIsOfferedAndThenGone() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers = RecordingReplyHandler.storing();
      RabbitBroker docket = broker.started(broker.settings(), answers);
      lateWorker(broker);
      Task task = SampleTasks.task(LateAckProtocol.NAME, "ASR");
      CompletableFuture<Sent> sent = docket.publisher().publish(task).toCompletableFuture();
      await().until(sent::isDone);
      assertThat(sent).isCompletedWithValue(Sent.CONFIRMED);

      await().until(() -> !answers.offers().isEmpty());
      docket.stop();

      RunId run = new RunId(task.id().value(), 1, task.run());
      assertThat(answers.offers())
          .containsExactly(new Offer(run.toString(), "{\"state\":200,\"message\":\"done\"}"));
      assertThat(new LateAckProtocol().answer(task, run, bytes(answers.bodies().get(0))))
          .hasSize(1);
      assertThat(broker.ready(responses(broker))).isZero();
    }
  }

  /** Works, answers, and only then acknowledges. */
  private static void lateWorker(BrokerFixture broker) throws Exception {
    Channel channel = broker.channel();
    String queue = broker.prefix() + "late-workers";
    channel.queueDeclare(queue, true, false, false, Map.of());
    channel.queueBind(queue, broker.prefix() + "late-exchange", "#.ASR");
    channel.basicConsume(
        queue,
        false,
        (tag, got) -> {
          AMQP.BasicProperties echo =
              new AMQP.BasicProperties.Builder()
                  .correlationId(got.getProperties().getCorrelationId())
                  .build();
          channel.basicPublish(
              "",
              got.getProperties().getReplyTo(),
              echo,
              bytes("{\"state\":200,\"message\":\"done\"}"));
          channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        },
        tag -> {});
  }

  @Test
  default void answerThatCannotBeStoredNowIsNeitherLostNorAcknowledged() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers = RecordingReplyHandler.always(AckDecision.NOT_NOW);
      RabbitBroker docket = broker.started(broker.settings(), answers);
      answer(broker, "one");
      answer(broker, "two");
      // Each is offered again, and again.
      await()
          .until(
              () ->
                  Collections.frequency(answers.bodies(), "one") >= 3
                      && Collections.frequency(answers.bodies(), "two") >= 3);

      docket.stop();
      await().until(() -> broker.ready(responses(broker)) == 2);

      answers.fromNowOn(AckDecision.DONE);
      RabbitBroker next = broker.started(broker.settings(), answers);
      await().until(() -> broker.ready(responses(broker)) == 0);
      next.stop();
      assertThat(broker.ready(responses(broker))).isZero();
    }
  }

  @Test
  default void oneThatCannotBeStoredHoldsUpNoOther() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers =
          new RecordingReplyHandler(
              offer ->
                  CompletableFuture.completedStage(
                      offer.body().startsWith("stuck") ? AckDecision.NOT_NOW : AckDecision.DONE));
      RabbitBroker docket = broker.started(broker.settings().withResponsePrefetch(5), answers);
      answer(broker, "stuck 1");
      answer(broker, "stuck 2");
      for (int i = 0; i < 50; i++) {
        answer(broker, "answer " + i);
      }

      await().until(() -> new HashSet<>(answers.bodies()).size() == 52);
      docket.stop();
      await().until(() -> broker.ready(responses(broker)) == 2);
      assertThat(bodies(broker.drain(responses(broker))))
          .containsExactlyInAnyOrder("stuck 1", "stuck 2");
    }
  }

  @Test
  default void whateverTheOrderOnlyWhatIsStoredIsAcknowledged() throws Exception {
    try (BrokerFixture broker = broker()) {
      Map<String, CompletableFuture<AckDecision>> fates = new ConcurrentHashMap<>();
      RecordingReplyHandler answers =
          new RecordingReplyHandler(
              offer -> fates.computeIfAbsent(offer.body(), body -> new CompletableFuture<>()));
      RabbitBroker docket = broker.started(broker.settings(), answers);
      List<String> bodies = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        bodies.add("answer " + i);
        answer(broker, "answer " + i);
      }
      await().until(() -> fates.size() == 300);

      Collections.shuffle(bodies, new Random(7));
      List<String> stored = bodies.subList(0, 170);
      stored.forEach(
          body ->
              ForkJoinPool.commonPool().execute(() -> fates.get(body).complete(AckDecision.DONE)));
      await().until(() -> stored.stream().allMatch(body -> fates.get(body).isDone()));
      docket.stop();

      await().until(() -> broker.ready(responses(broker)) == 130);
      assertThat(bodies(broker.drain(responses(broker))))
          .containsExactlyInAnyOrderElementsOf(bodies.subList(170, 300));
    }
  }

  @Test
  default void undecidedAnswersAreOfferedAgainAfterALostConnection() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      Queue<CompletableFuture<AckDecision>> undecided = new ConcurrentLinkedQueue<>();
      RecordingReplyHandler answers =
          new RecordingReplyHandler(
              offer -> {
                CompletableFuture<AckDecision> decision = new CompletableFuture<>();
                undecided.add(decision);
                return decision;
              });
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()), answers);
      answer(broker, "one");
      answer(broker, "two");
      await().until(() -> undecided.size() == 2);

      wire.cut();
      await().until(() -> undecided.size() == 4);
      // Two of them are of the old connection, where nothing can be acknowledged any more.
      undecided.forEach(decision -> decision.complete(AckDecision.DONE));
      docket.stop();

      assertThat(Collections.frequency(answers.bodies(), "one")).isEqualTo(2);
      assertThat(Collections.frequency(answers.bodies(), "two")).isEqualTo(2);
      assertThat(broker.ready(responses(broker))).isZero();
    }
  }

  @Test
  default void unreadableAnswerIsKeptAsideOnce() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers =
          new RecordingReplyHandler(
              offer ->
                  CompletableFuture.completedStage(
                      offer.body().equals("gibberish")
                          ? AckDecision.UNREADABLE
                          : AckDecision.DONE));
      RabbitBroker docket = broker.started(broker.settings(), answers);
      answer(broker, "fine");
      answer(broker, "gibberish");
      answer(broker, "fine too");
      await().until(() -> answers.offers().size() == 3);

      GetResponse kept = broker.first(docket.topology().deadLetters());
      docket.stop();

      assertThat(new String(kept.getBody(), StandardCharsets.UTF_8)).isEqualTo("gibberish");
      assertThat(kept.getProps().getCorrelationId()).isEqualTo("some.1.run");
      assertThat(kept.getProps().getHeaders().get("x-docket-reason"))
          .hasToString("unreadable answer");
      assertThat(kept.getProps().getDeliveryMode()).isEqualTo(2);
      assertThat(broker.ready(docket.topology().deadLetters())).isZero();
      assertThat(broker.ready(responses(broker))).isZero();
      assertThat(answers.bodies()).containsExactly("fine", "gibberish", "fine too");
    }
  }

  @Test
  default void unreadableAnswerIsKeptEvenIfItsQueueWasDeleted() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers = RecordingReplyHandler.always(AckDecision.UNREADABLE);
      RabbitBroker docket = broker.started(broker.settings(), answers);
      try (Channel channel = broker.channel()) {
        channel.queueDelete(docket.topology().deadLetters());
      }

      answer(broker, "gibberish");

      await().until(() -> answers.offers().size() == 1);
      await().ignoreExceptions().until(() -> broker.ready(docket.topology().deadLetters()) == 1);
    }
  }

  @Test
  default void answerOnWhichTheDeskFailsIsOfferedAgain() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers =
          new RecordingReplyHandler(
              offer -> {
                throw new IllegalStateException("a bug");
              });
      RabbitBroker docket = broker.started(broker.settings(), answers);
      answer(broker, "one");
      await().until(() -> answers.offers().size() >= 2);
      answers.fromNowOn(AckDecision.DONE);
      int before = answers.offers().size();
      await().until(() -> answers.offers().size() > before);
      docket.stop();
      assertThat(broker.ready(responses(broker))).isZero();
    }
  }

  @Test
  default void deletedResponseQueueIsMadeAgain() throws Exception {
    try (BrokerFixture broker = broker()) {
      RecordingReplyHandler answers = RecordingReplyHandler.storing();
      RabbitBroker docket = broker.started(broker.settings(), answers);
      await().until(() -> consumers(broker) == 1);
      try (Channel channel = broker.channel()) {
        channel.queueDelete(docket.topology().responses());
      }

      await().ignoreExceptions().until(() -> consumers(broker) == 1);
      answer(broker, "one");
      await().until(() -> answers.bodies().equals(List.of("one")));
    }
  }

  private static long consumers(BrokerFixture broker) throws Exception {
    try (Channel channel = broker.channel()) {
      return channel.consumerCount(responses(broker));
    }
  }

  private static String responses(BrokerFixture broker) {
    return broker.prefix() + "docket-responses";
  }

  /** An answer whose correlation id is {@code some.1.run}. */
  private static void answer(BrokerFixture broker, String body) throws Exception {
    try (Channel channel = broker.channel()) {
      channel.confirmSelect();
      AMQP.BasicProperties properties =
          new AMQP.BasicProperties.Builder().correlationId("some.1.run").deliveryMode(2).build();
      channel.basicPublish("", responses(broker), properties, bytes(body));
      channel.waitForConfirmsOrDie(30_000);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> bodies(List<GetResponse> messages) {
    return messages.stream().map(got -> new String(got.getBody(), StandardCharsets.UTF_8)).toList();
  }
}

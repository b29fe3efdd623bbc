package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EmbeddedBrokerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static EmbeddedBroker broker;

  private Amqp amqp;
  private Channel channel;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void connect() throws Exception {
    amqp = new Amqp(broker.amqp());
    channel = amqp.channel();
  }

  @AfterEach
  void disconnect() throws Exception {
    amqp.close();
    broker.deleteAll("test.");
  }

  @Test
  void deliversHigherPriorityFirst() throws Exception {
    channel.queueDeclare("test.q", true, false, false, Map.of("x-max-priority", 10));
    for (int priority : List.of(1, 5, 0, 8)) {
      channel.basicPublish(
          "", "test.q", new BasicProperties.Builder().priority(priority).build(), new byte[0]);
    }
    channel.waitForConfirms();

    List<Integer> priorities = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      priorities.add(channel.basicGet("test.q", true).getProps().getPriority());
    }

    assertThat(priorities).containsExactly(8, 5, 1, 0);
  }

  @Test
  void returnsUnroutableMandatoryMessage() throws Exception {
    channel.exchangeDeclare("test.x", "topic", true);
    BlockingQueue<String> returned = new LinkedBlockingQueue<>();
    channel.addReturnListener(
        message -> returned.add(message.getReplyCode() + " " + message.getRoutingKey()));

    channel.basicPublish("test.x", "Video.ASR", true, new BasicProperties(), new byte[0]);

    assertThat(returned.poll(30, TimeUnit.SECONDS)).isEqualTo("312 Video.ASR");
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void acceptsUnknownQueueArguments() throws Exception {
    channel.queueDeclare(
        "test.q", true, false, false, Map.of("x-max-length", 5, "x-queue-mode", "lazy"));

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void discardsMessageRejectedWithoutRequeue() throws Exception {
    channel.queueDeclare("test.q", true, false, false, null);
    amqp.publish("", "test.q", "poison");

    channel.basicReject(channel.basicGet("test.q", false).getEnvelope().getDeliveryTag(), false);

    await().untilAsserted(() -> assertThat(statistics("test.q").ready()).isZero());
    assertThat(channel.basicGet("test.q", true)).isNull();
  }

  @Test
  void redeliversMessageRejectedWithRequeue() throws Exception {
    channel.queueDeclare("test.q", true, false, false, null);
    amqp.publish("", "test.q", "again");

    for (int i = 0; i < 3; i++) {
      GetResponse message = await().until(() -> channel.basicGet("test.q", false), m -> m != null);
      channel.basicReject(message.getEnvelope().getDeliveryTag(), true);
    }

    await().untilAsserted(() -> assertThat(statistics("test.q").ready()).isEqualTo(1));
  }

  @Test
  void statisticsCountReadyAndUnacknowledgedMessages() throws Exception {
    channel.queueDeclare("test.q", true, false, false, null);
    for (int i = 0; i < 3; i++) {
      amqp.publish("", "test.q", "m" + i);
    }
    channel.basicQos(2);
    channel.basicConsume("test.q", false, (tag, delivery) -> {}, tag -> {});

    await()
        .untilAsserted(
            () ->
                assertThat(statistics("test.q"))
                    .isEqualTo(new QueueStatistics("test.q", true, 1, 2, 1)));
  }

  @Test
  void bindingsContainExchangeQueueAndRoutingKey() throws Exception {
    channel.exchangeDeclare("test.x", "topic", true);
    channel.queueDeclare("test.q", true, false, false, null);
    channel.queueBind("test.q", "test.x", "#.ASR");

    assertThat(broker.bindings())
        .contains(
            new QueueBinding("test.x", "test.q", "#.ASR"),
            new QueueBinding("", "test.q", "test.q"));
  }

  @Test
  void managementApiReturnsQueuesAndBindings() throws Exception {
    channel.exchangeDeclare("test.x", "topic", true);
    channel.queueDeclare("test.q", true, false, false, null);
    channel.queueBind("test.q", "test.x", "#.ASR");
    amqp.publish("test.x", "Video.ASR", "one");
    channel.basicGet("test.q", false);

    JsonNode queue = JSON.readTree(get("/api/queues")).get(0);
    JsonNode bindings = JSON.readTree(get("/api/bindings/%2F"));

    assertThat(queue)
        .isEqualTo(
            JSON.readTree(
                """
                {"name":"test.q","vhost":"/","durable":true,"messages":1,"messages_ready":0,
                 "messages_unacknowledged":1,"consumers":0}"""));
    assertThat(bindings)
        .contains(
            JSON.readTree(
                """
                {"source":"test.x","vhost":"/","destination":"test.q",
                 "destination_type":"queue","routing_key":"#.ASR"}"""));
  }

  @Test
  void managementApiRequiresPassword() throws Exception {
    URI anonymous = URI.create("http://127.0.0.1:" + broker.management().getPort());

    assertThat(Http.send("GET", anonymous.resolve("/api/queues")).statusCode()).isEqualTo(401);
    assertThat(Http.send("GET", broker.management().resolve("/api/queues/no-such")).statusCode())
        .isEqualTo(404);
    assertThat(Http.send("DELETE", broker.management().resolve("/api/queues")).statusCode())
        .isEqualTo(405);
  }

  @Test
  void announcesPublisherConfirms() {
    assertThat(amqp.connection().getServerProperties().get("capabilities"))
        .isEqualTo(Map.of("publisher_confirms", true, "basic.nack", true));
  }

  @Test
  void rejectsWrongPassword() {
    URI wrong = URI.create("amqp://guest:wrong@127.0.0.1:" + broker.amqp().getPort());

    assertThatThrownBy(() -> new Amqp(wrong))
        .isInstanceOf(PossibleAuthenticationFailureException.class);
  }

  @Test
  void deleteAllDeletesOnlyMatchingNames() throws Exception {
    channel.queueDeclare("test.q", true, false, false, null);
    channel.exchangeDeclare("test.x", "topic", true);
    channel.queueDeclare("other", true, false, true, null);
    amqp.publish("", "test.q", "one");

    broker.deleteAll("test.");

    assertThat(broker.queues()).extracting(QueueStatistics::name).containsExactly("other");
    channel.queueDelete("other");
  }

  @Test
  void inMemoryBrokerKeepsOnlyItsAddressAfterStop() throws Exception {
    try (EmbeddedBroker restarted = EmbeddedBroker.start()) {
      URI address = restarted.amqp();
      try (Amqp client = new Amqp(address)) {
        client.channel().queueDeclare("q", true, false, false, null);
      }

      restarted.stop();
      assertThatThrownBy(() -> new Amqp(address)).isInstanceOf(java.io.IOException.class);
      restarted.startAgain();

      assertThat(restarted.queues()).isEmpty();
      try (Amqp client = new Amqp(address)) {
        assertThat(client.channel().isOpen()).isTrue();
      }
    }
  }

  @Test
  void failsIfPortIsInUse() {
    int port = broker.amqp().getPort();

    assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBrokerSettings.inMemory().withPort(port)))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContaining("cannot bind port " + port);
  }

  private static QueueStatistics statistics(String name) {
    return broker.queues().stream().filter(q -> q.name().equals(name)).findFirst().orElseThrow();
  }

  private static String get(String path) throws Exception {
    return new String(
        Http.send("GET", broker.management().resolve(path)).body().getBytes(StandardCharsets.UTF_8),
        StandardCharsets.UTF_8);
  }
}

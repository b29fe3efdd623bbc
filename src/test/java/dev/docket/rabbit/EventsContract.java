package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerUnderTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** What {@link RabbitEvents} promises, on any broker. */
interface EventsContract {

  /** A new one, on the broker of the class. */
  BrokerUnderTest broker();

  @Test
  default void whoeverListensHearsOfWhatHeAskedFor() throws Exception {
    try (BrokerUnderTest broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = listen(broker, docket, "task.ASR.*");

      docket.events().publish("task.OCR.QUEUED", bytes("{\"id\":1}"));
      docket.events().publish("task.ASR.QUEUED", bytes("{\"id\":2}"));

      GetResponse heard = broker.first(queue);
      assertThat(heard.getEnvelope().getRoutingKey()).isEqualTo("task.ASR.QUEUED");
      assertThat(heard.getBody()).isEqualTo(bytes("{\"id\":2}"));
      assertThat(heard.getProps().getContentType()).isEqualTo("application/json");
      assertThat(docket.events().dropped()).isZero();
    }
  }

  @Test
  default void deletedExchangeIsDeclaredAgain() throws Exception {
    try (BrokerUnderTest broker = broker()) {
      RabbitBroker docket = broker.started();
      docket.events().publish("task.ASR.QUEUED", bytes("nobody listens"));
      try (Channel channel = broker.channel()) {
        channel.exchangeDelete(docket.topology().events());
      }

      // The first closes the channel, a later one finds that out and declares it again.
      await()
          .ignoreExceptions()
          .until(
              () -> {
                docket.events().publish("task.ASR.QUEUED", bytes("still nobody"));
                try (Channel channel = broker.channel()) {
                  channel.exchangeDeclarePassive(docket.topology().events());
                  return true;
                }
              });
      String queue = listen(broker, docket, "#");
      docket.events().publish("task.ASR.SUCCESS", bytes("heard"));
      await()
          .until(
              () -> new String(broker.first(queue).getBody(), StandardCharsets.UTF_8),
              "heard"::equals);
    }
  }

  @Test
  default void withoutABrokerTheyAreDroppedAndCounted() {
    RabbitBroker docket =
        new RabbitBroker(
            RabbitSettings.at(URI.create("amqp://127.0.0.1:1")),
            BrokerUnderTest.couriers(),
            Clock.systemUTC());
    docket.start();
    try {
      docket.events().publish("task.ASR.QUEUED", bytes("one"));
      docket.events().publish("task.ASR.QUEUED", bytes("two"));
      assertThat(docket.events().dropped()).isEqualTo(2);
    } finally {
      docket.stop();
    }
  }

  @Test
  default void whoeverTellsIsNotHeldUpByADeadBroker() throws Exception {
    try (BrokerUnderTest broker = broker();
        Wire wire = new Wire(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()));
      wire.goDead();
      byte[] large = new byte[1_000];
      for (int i = 0; i < 30_000; i++) {
        docket.events().publish("task.ASR.QUEUED", large);
      }
      assertThat(docket.events().dropped()).isPositive();
    }
  }

  private static String listen(BrokerUnderTest broker, RabbitBroker docket, String pattern)
      throws Exception {
    try (Channel channel = broker.channel()) {
      String queue = broker.prefix() + "listener";
      channel.queueDeclare(queue, true, false, false, null);
      channel.queueBind(queue, docket.topology().events(), pattern);
      return queue;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.events.EventFeed;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.publish.RabbitEventPublisher;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What {@link RabbitEventPublisher} promises, on any broker. */
interface EventsContract {

  /** A new one, on the broker of the class. */
  BrokerFixture broker();

  @Test
  default void whoeverListensHearsOfWhatHeAskedFor() throws Exception {
    try (BrokerFixture broker = broker()) {
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
    try (BrokerFixture broker = broker()) {
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
  default void theFeedBringsTheEventsOfAllServersWhileItIsOpen() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker one = broker.started();
      RabbitBroker other = broker.started();
      Heard heard = new Heard();
      one.eventFeed().open(heard);
      await().until(() -> heard.connected);
      one.events().publish("task.ASR.201", bytes("mine"));
      other.events().publish("task.ASR.202", bytes("another's"));
      await().until(() -> heard.bodies.size() == 2);
      assertThat(heard.bodies).containsExactlyInAnyOrder("mine", "another's");

      one.eventFeed().close();
      Heard again = new Heard();
      one.eventFeed().open(again);
      await().until(() -> again.connected);
      other.events().publish("task.ASR.200", bytes("later"));
      await().until(() -> again.bodies.size() == 1);
      assertThat(heard.bodies).hasSize(2);
    }
  }

  @Test
  default void theFeedSaysWhenTheBrokerIsGoneAndComesBack() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket =
          broker.started(RabbitSettings.at(wire.uri()).withPrefix(broker.prefix()));
      Heard heard = new Heard();
      docket.eventFeed().open(heard);
      await().until(() -> heard.connected);
      wire.cut();
      await().until(() -> heard.losses == 1);
      await().until(() -> heard.connected);
      await()
          .until(
              () -> {
                docket.events().publish("task.ASR.200", bytes("heard"));
                return heard.bodies.contains("heard");
              });
    }
  }

  /** What came over a feed. */
  final class Heard implements EventFeed.Listener {
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile boolean connected;
    private volatile int losses;

    @Override
    public void heard(byte[] body) {
      bodies.add(new String(body, StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void connected(boolean now) {
      connected = now;
      losses += now ? 0 : 1;
    }
  }

  @Test
  default void withoutABrokerTheyAreDroppedAndCounted() {
    RabbitBroker docket =
        new RabbitBroker(
            RabbitSettings.at(URI.create("amqp://127.0.0.1:1")),
            BrokerFixture.protocols(),
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
    try (BrokerFixture broker = broker();
        NetworkLink wire = new NetworkLink(broker.broker().amqp())) {
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

  private static String listen(BrokerFixture broker, RabbitBroker docket, String pattern)
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

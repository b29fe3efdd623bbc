package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.docket.events.EventFeed;
import dev.docket.rabbit.connection.SampleSettings;
import dev.docket.rabbit.publish.RabbitEventPublisher;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What {@link RabbitEventPublisher} and the event feed guarantee on every broker. */
interface EventsContract {

  /** A new fixture, on the broker of the test class. */
  BrokerFixture broker();

  @Test
  default void subscriberReceivesOnlyMatchingEvents() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = subscribe(broker, docket, "task.ASR.*");

      docket.events().publish("task.OCR.QUEUED", bytes("{\"id\":1}"));
      docket.events().publish("task.ASR.QUEUED", bytes("{\"id\":2}"));

      GetResponse event = broker.first(queue);
      assertThat(event.getEnvelope().getRoutingKey()).isEqualTo("task.ASR.QUEUED");
      assertThat(event.getBody()).isEqualTo(bytes("{\"id\":2}"));
      assertThat(event.getProps().getContentType()).isEqualTo("application/json");
      assertThat(docket.events().dropped()).isZero();
    }
  }

  @Test
  default void deletedExchangeIsDeclaredAgain() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      docket.events().publish("task.ASR.QUEUED", bytes("no subscriber"));
      try (Channel channel = broker.channel()) {
        channel.exchangeDelete(docket.topology().eventExchange());
      }

      // The first event makes the broker close the channel; a later one declares the exchange.
      await()
          .ignoreExceptions()
          .until(
              () -> {
                docket.events().publish("task.ASR.QUEUED", bytes("still no subscriber"));
                try (Channel channel = broker.channel()) {
                  channel.exchangeDeclarePassive(docket.topology().eventExchange());
                  return true;
                }
              });
      String queue = subscribe(broker, docket, "#");
      docket.events().publish("task.ASR.SUCCESS", bytes("received"));
      await()
          .until(
              () -> new String(broker.first(queue).getBody(), StandardCharsets.UTF_8),
              "received"::equals);
    }
  }

  @Test
  default void feedDeliversTheEventsOfAllServersWhileItIsOpen() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker first = broker.started();
      RabbitBroker second = broker.started();
      EventRecorder recorder = new EventRecorder();
      first.eventFeed().open(recorder);
      await().until(() -> recorder.connected);
      first.events().publish("task.ASR.201", bytes("own"));
      second.events().publish("task.ASR.202", bytes("other"));
      await().until(() -> recorder.bodies.size() == 2);
      assertThat(recorder.bodies).containsExactlyInAnyOrder("own", "other");

      first.eventFeed().close();
      EventRecorder reopened = new EventRecorder();
      first.eventFeed().open(reopened);
      await().until(() -> reopened.connected);
      second.events().publish("task.ASR.200", bytes("later"));
      await().until(() -> reopened.bodies.size() == 1);
      assertThat(recorder.bodies).hasSize(2);
    }
  }

  @Test
  default void feedCanBeClosedWhileItDeliversAnEvent() throws Exception {
    Queue<ILoggingEvent> errors = new ConcurrentLinkedQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().contains("RabbitEventFeed")) {
              errors.add(event);
            }
          }
        };
    appender.start();
    // The AMQP client logs what a consumer throws.
    Logger client = (Logger) LoggerFactory.getLogger("com.rabbitmq.client");
    client.addAppender(appender);
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      EventRecorder reopened = new EventRecorder();
      AtomicBoolean connected = new AtomicBoolean();
      docket
          .eventFeed()
          .open(
              new EventFeed.Listener() {
                @Override
                public void onEvent(byte[] body) {
                  docket.eventFeed().close();
                  docket.eventFeed().open(reopened);
                  // The feed closes the channel of this event before it opens the next one.
                  await().until(() -> reopened.connected);
                }

                @Override
                public void onConnectionChange(boolean now) {
                  connected.set(now);
                }
              });
      await().untilTrue(connected);
      docket.events().publish("task.ASR.200", bytes("closes the feed"));
      await().until(() -> reopened.connected);
      docket.events().publish("task.ASR.200", bytes("later"));
      await().until(() -> reopened.bodies.contains("later"));
    } finally {
      client.detachAppender(appender);
    }
    assertThat(errors).isEmpty();
  }

  @Test
  default void feedReportsALostAndRestoredConnection() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()));
      EventRecorder recorder = new EventRecorder();
      docket.eventFeed().open(recorder);
      await().until(() -> recorder.connected);
      link.cut();
      await().until(() -> recorder.losses == 1);
      await().until(() -> recorder.connected);
      await()
          .until(
              () -> {
                docket.events().publish("task.ASR.200", bytes("received"));
                return recorder.bodies.contains("received");
              });
    }
  }

  /** Records the events of a feed. */
  final class EventRecorder implements EventFeed.Listener {
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile boolean connected;
    private volatile int losses;

    @Override
    public void onEvent(byte[] body) {
      bodies.add(new String(body, StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void onConnectionChange(boolean now) {
      connected = now;
      losses += now ? 0 : 1;
    }
  }

  @Test
  default void withoutABrokerEventsAreDroppedAndCounted() {
    RabbitBroker docket =
        BrokerFixture.unstarted(SampleSettings.at(URI.create("amqp://127.0.0.1:1")));
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
  default void frozenBrokerDoesNotBlockThePublisher() throws Exception {
    try (BrokerFixture broker = broker();
        NetworkLink link = new NetworkLink(broker.broker().amqp())) {
      RabbitBroker docket = broker.started(SampleSettings.at(link.uri(), broker.prefix()));
      link.freeze();
      byte[] large = new byte[1_000];
      for (int i = 0; i < 30_000; i++) {
        docket.events().publish("task.ASR.QUEUED", large);
      }
      assertThat(docket.events().dropped()).isPositive();
    }
  }

  private static String subscribe(BrokerFixture broker, RabbitBroker docket, String pattern)
      throws Exception {
    try (Channel channel = broker.channel()) {
      String queue = broker.prefix() + "subscriber";
      channel.queueDeclare(queue, true, false, false, null);
      channel.queueBind(queue, docket.topology().eventExchange(), pattern);
      return queue;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

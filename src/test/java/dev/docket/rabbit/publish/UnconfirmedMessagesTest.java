package dev.docket.rabbit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.docket.broker.TaskPublisher.Sent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UnconfirmedMessagesTest {

  private static final long NOW = Long.MAX_VALUE - 5;

  private final UnconfirmedMessages unconfirmed = new UnconfirmedMessages(4, 100);
  private int channel;

  @BeforeEach
  void openAChannel() {
    channel = unconfirmed.newChannel();
  }

  @Test
  void acknowledgedIsConfirmed() {
    OutboundMessage one = written("one", 1);

    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
    assertThat(one.outcome()).isEqualTo(Sent.CONFIRMED);
    assertThat(unconfirmed.confirmed(channel, 1, false)).isEmpty();
  }

  @Test
  void severalMayBeAcknowledgedTogether() {
    OutboundMessage one = written("one", 1);
    OutboundMessage two = written("two", 2);
    OutboundMessage three = written("three", 3);

    assertThat(unconfirmed.confirmed(channel, 2, true)).containsExactly(one, two);
    assertThat(three.outcome()).isNull();
  }

  /** As RabbitMQ does it. */
  @Test
  void returnedAndThenAcknowledgedIsUnroutable() {
    OutboundMessage one = written("one", 1);

    assertThat(unconfirmed.returned("one")).containsExactly(one);
    assertThat(unconfirmed.confirmed(channel, 1, false)).isEmpty();
    assertThat(unconfirmed.returned("one")).isEmpty();
    assertThat(one.outcome()).isEqualTo(Sent.UNROUTABLE);
  }

  /** As Qpid does it. */
  @Test
  void refusedAndThenReturnedIsUnroutable() {
    OutboundMessage one = written("one", 1);

    unconfirmed.refused(channel, 1, false, NOW);
    assertThat(one.outcome()).isNull();
    assertThat(unconfirmed.returned("one")).containsExactly(one);
    assertThat(one.outcome()).isEqualTo(Sent.UNROUTABLE);
  }

  @Test
  void refusedAndNotReturnedIsNotNowAfterAWhile() {
    OutboundMessage one = written("one", 1);
    unconfirmed.refused(channel, 1, false, NOW);

    assertThat(unconfirmed.expire(NOW + UnconfirmedMessages.RETURN_GRACE.toNanos() - 1)).isEmpty();
    assertThat(unconfirmed.expire(NOW + UnconfirmedMessages.RETURN_GRACE.toNanos()))
        .containsExactly(one);
    assertThat(one.outcome()).isEqualTo(Sent.NOT_NOW);
  }

  @Test
  void whatALostChannelHadNotConfirmedIsWrittenAgainInItsOrder() {
    OutboundMessage one = written("one", 1);
    OutboundMessage two = written("two", 2);
    OutboundMessage three = written("three", 3);
    OutboundMessage four = accepted("four", NOW);
    unconfirmed.confirmed(channel, 2, false);

    assertThat(unconfirmed.closed(channel, false)).isEmpty();

    assertThat(unconfirmed.next()).isSameAs(one);
    assertThat(unconfirmed.next()).isSameAs(three);
    assertThat(unconfirmed.next()).isSameAs(four);
    assertThat(unconfirmed.next()).isNull();
    assertThat(two.outcome()).isEqualTo(Sent.CONFIRMED);
  }

  @Test
  void whatALostChannelSaysLateMeansNothing() {
    OutboundMessage one = written("one", 1);
    int lost = channel;
    unconfirmed.closed(lost, false);
    channel = unconfirmed.newChannel();
    unconfirmed.writing(channel, 1, unconfirmed.next());

    assertThat(unconfirmed.confirmed(lost, 1, false)).isEmpty();
    assertThat(unconfirmed.closed(lost, false)).isEmpty();
    assertThat(one.outcome()).isNull();
    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
  }

  @Test
  void whatIsBeingWrittenWhileTheChannelClosesIsNotLost() {
    OutboundMessage one = accepted("one", NOW);
    assertThat(unconfirmed.next()).isSameAs(one);
    unconfirmed.closed(channel, false);

    unconfirmed.writing(channel, 1, one);

    assertThat(unconfirmed.next()).isSameAs(one);
  }

  @Test
  void messageThatClosesItsChannelEachTimeIsGivenUp() {
    OutboundMessage poison = written("poison", 1);
    for (int i = 0; i < 2; i++) {
      assertThat(unconfirmed.closed(channel, true)).isEmpty();
      channel = unconfirmed.newChannel();
      unconfirmed.writing(channel, 1, unconfirmed.next());
    }

    assertThat(unconfirmed.closed(channel, true)).containsExactly(poison);
    assertThat(poison.outcome()).isEqualTo(Sent.NOT_NOW);
    assertThat(unconfirmed.next()).isNull();
  }

  @Test
  void connectionsMayBeLostAsOftenAsTheyLike() {
    OutboundMessage one = written("one", 1);
    for (int i = 0; i < 10; i++) {
      assertThat(unconfirmed.closed(channel, false)).isEmpty();
      channel = unconfirmed.newChannel();
      unconfirmed.writing(channel, 1, unconfirmed.next());
    }
    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
  }

  @Test
  void tooOldIsNotNowAndIsNotWrittenAnyMore() {
    OutboundMessage old = accepted("old", NOW);
    OutboundMessage young = accepted("young", NOW + Duration.ofSeconds(1).toNanos());

    assertThat(unconfirmed.expire(NOW + UnconfirmedMessages.MESSAGE_TIMEOUT.toNanos()))
        .containsExactly(old);
    assertThat(unconfirmed.next()).isSameAs(young);
  }

  @Test
  void takesNoMoreThanTheMost() {
    List<OutboundMessage> all =
        List.of(written("1", 1), written("2", 2), written("3", 3), written("4", 4));
    assertThat(unconfirmed.hasRoom()).isFalse();
    assertThat(unconfirmed.accept(message("5", 1), NOW)).isFalse();

    unconfirmed.confirmed(channel, 1, false);
    assertThat(unconfirmed.hasRoom()).as("until its sender has the outcome").isFalse();
    unconfirmed.completed(all.get(0));
    assertThat(unconfirmed.accept(message("5", 1), NOW)).isTrue();
  }

  @Test
  void takesNoMoreBytesThanTheMostButAnySingleMessage() {
    assertThat(unconfirmed.accept(message("large", 101), NOW)).isTrue();
    assertThat(unconfirmed.hasRoom()).isFalse();
    assertThat(unconfirmed.accept(message("small", 1), NOW)).isFalse();
  }

  @Test
  void givingUpAllLeavesNothing() {
    OutboundMessage one = written("one", 1);
    OutboundMessage two = accepted("two", NOW);

    assertThat(unconfirmed.giveUpAll()).containsExactlyInAnyOrder(one, two);
    assertThat(unconfirmed.next()).isNull();
    assertThat(unconfirmed.confirmed(channel, 1, true)).isEmpty();
    assertThat(one.outcome()).isEqualTo(Sent.NOT_NOW);
  }

  private OutboundMessage written(String id, long number) {
    OutboundMessage message = accepted(id, NOW);
    assertThat(unconfirmed.next()).isSameAs(message);
    unconfirmed.writing(channel, number, message);
    return message;
  }

  private OutboundMessage accepted(String id, long now) {
    OutboundMessage message = message(id, 1);
    assertThat(unconfirmed.accept(message, now)).isTrue();
    return message;
  }

  private static OutboundMessage message(String id, int size) {
    return new OutboundMessage(
        "exchange",
        "key",
        new AMQP.BasicProperties.Builder().messageId(id).build(),
        new byte[size]);
  }
}

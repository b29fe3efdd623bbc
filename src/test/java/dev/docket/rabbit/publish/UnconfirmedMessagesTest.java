package dev.docket.rabbit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.broker.TaskPublisher.PublishOutcome;
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
  void confirmsAMessage() {
    UnconfirmedMessage one = written("one", 1);

    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
    assertThat(one.outcome).isEqualTo(PublishOutcome.CONFIRMED);
    assertThat(unconfirmed.confirmed(channel, 1, false)).isEmpty();
  }

  @Test
  void confirmsSeveralMessagesTogether() {
    UnconfirmedMessage one = written("one", 1);
    UnconfirmedMessage two = written("two", 2);
    UnconfirmedMessage three = written("three", 3);

    assertThat(unconfirmed.confirmed(channel, 2, true)).containsExactly(one, two);
    assertThat(three.outcome).isNull();
  }

  /** The order of RabbitMQ. */
  @Test
  void returnedThenConfirmedIsUnroutable() {
    UnconfirmedMessage one = written("one", 1);

    assertThat(unconfirmed.returned("one")).containsExactly(one);
    assertThat(unconfirmed.confirmed(channel, 1, false)).isEmpty();
    assertThat(unconfirmed.returned("one")).isEmpty();
    assertThat(one.outcome).isEqualTo(PublishOutcome.UNROUTABLE);
  }

  /** The order of Qpid. */
  @Test
  void nackedThenReturnedIsUnroutable() {
    UnconfirmedMessage one = written("one", 1);

    unconfirmed.nacked(channel, 1, false, NOW);
    assertThat(one.outcome).isNull();
    assertThat(unconfirmed.returned("one")).containsExactly(one);
    assertThat(one.outcome).isEqualTo(PublishOutcome.UNROUTABLE);
  }

  @Test
  void nackedAndNotReturnedIsNotNowAfterTheGracePeriod() {
    UnconfirmedMessage one = written("one", 1);
    unconfirmed.nacked(channel, 1, false, NOW);

    assertThat(unconfirmed.expire(NOW + UnconfirmedMessages.RETURN_GRACE.toNanos() - 1)).isEmpty();
    assertThat(unconfirmed.expire(NOW + UnconfirmedMessages.RETURN_GRACE.toNanos()))
        .containsExactly(one);
    assertThat(one.outcome).isEqualTo(PublishOutcome.NOT_NOW);
  }

  @Test
  void writesUnconfirmedMessagesOfALostChannelAgainInOrder() {
    UnconfirmedMessage one = written("one", 1);
    UnconfirmedMessage two = written("two", 2);
    UnconfirmedMessage three = written("three", 3);
    UnconfirmedMessage four = accepted("four", NOW);
    unconfirmed.confirmed(channel, 2, false);

    assertThat(unconfirmed.closed(channel, false)).isEmpty();

    assertThat(unconfirmed.next()).isSameAs(one);
    assertThat(unconfirmed.next()).isSameAs(three);
    assertThat(unconfirmed.next()).isSameAs(four);
    assertThat(unconfirmed.next()).isNull();
    assertThat(two.outcome).isEqualTo(PublishOutcome.CONFIRMED);
  }

  @Test
  void ignoresLateEventsOfALostChannel() {
    UnconfirmedMessage one = written("one", 1);
    int lost = channel;
    unconfirmed.closed(lost, false);
    channel = unconfirmed.newChannel();
    unconfirmed.beforeWrite(channel, 1, unconfirmed.next());

    assertThat(unconfirmed.confirmed(lost, 1, false)).isEmpty();
    assertThat(unconfirmed.closed(lost, false)).isEmpty();
    assertThat(one.outcome).isNull();
    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
  }

  @Test
  void keepsAMessageWrittenWhileTheChannelCloses() {
    UnconfirmedMessage one = accepted("one", NOW);
    assertThat(unconfirmed.next()).isSameAs(one);
    unconfirmed.closed(channel, false);

    unconfirmed.beforeWrite(channel, 1, one);

    assertThat(unconfirmed.next()).isSameAs(one);
  }

  @Test
  void givesUpAMessageThatRepeatedlyClosesItsChannel() {
    UnconfirmedMessage poison = written("poison", 1);
    for (int i = 0; i < 2; i++) {
      assertThat(unconfirmed.closed(channel, true)).isEmpty();
      channel = unconfirmed.newChannel();
      unconfirmed.beforeWrite(channel, 1, unconfirmed.next());
    }

    assertThat(unconfirmed.closed(channel, true)).containsExactly(poison);
    assertThat(poison.outcome).isEqualTo(PublishOutcome.NOT_NOW);
    assertThat(unconfirmed.next()).isNull();
  }

  @Test
  void lostConnectionsDoNotCountAgainstAMessage() {
    UnconfirmedMessage one = written("one", 1);
    for (int i = 0; i < 10; i++) {
      assertThat(unconfirmed.closed(channel, false)).isEmpty();
      channel = unconfirmed.newChannel();
      unconfirmed.beforeWrite(channel, 1, unconfirmed.next());
    }
    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
  }

  @Test
  void expiredMessageIsNotNowAndIsNotWritten() {
    UnconfirmedMessage older = accepted("older", NOW);
    UnconfirmedMessage newer = accepted("newer", NOW + Duration.ofSeconds(1).toNanos());

    assertThat(unconfirmed.expire(NOW + UnconfirmedMessages.MESSAGE_TIMEOUT.toNanos()))
        .containsExactly(older);
    assertThat(unconfirmed.next()).isSameAs(newer);
  }

  @Test
  void acceptsAtMostTheMaximumNumberOfMessages() {
    List<UnconfirmedMessage> all =
        List.of(written("1", 1), written("2", 2), written("3", 3), written("4", 4));
    assertThat(unconfirmed.hasRoom()).isFalse();
    assertThat(unconfirmed.accept(message("5", 1), NOW)).isFalse();

    unconfirmed.confirmed(channel, 1, false);
    assertThat(unconfirmed.hasRoom()).as("before the release").isFalse();
    unconfirmed.release(all.get(0));
    assertThat(unconfirmed.accept(message("5", 1), NOW)).isTrue();
  }

  @Test
  void acceptsAtMostTheMaximumBytesButAnySingleMessage() {
    assertThat(unconfirmed.accept(message("large", 101), NOW)).isTrue();
    assertThat(unconfirmed.hasRoom()).isFalse();
    assertThat(unconfirmed.accept(message("small", 1), NOW)).isFalse();
  }

  @Test
  void givesUpAllMessages() {
    UnconfirmedMessage one = written("one", 1);
    UnconfirmedMessage two = accepted("two", NOW);

    assertThat(unconfirmed.giveUpAll()).containsExactlyInAnyOrder(one, two);
    assertThat(unconfirmed.next()).isNull();
    assertThat(unconfirmed.confirmed(channel, 1, true)).isEmpty();
    assertThat(one.outcome).isEqualTo(PublishOutcome.NOT_NOW);
  }

  private UnconfirmedMessage written(String id, long tag) {
    UnconfirmedMessage message = accepted(id, NOW);
    assertThat(unconfirmed.next()).isSameAs(message);
    unconfirmed.beforeWrite(channel, tag, message);
    return message;
  }

  private UnconfirmedMessage accepted(String id, long now) {
    UnconfirmedMessage message = message(id, 1);
    assertThat(unconfirmed.accept(message, now)).isTrue();
    return message;
  }

  private static UnconfirmedMessage message(String id, int size) {
    return new UnconfirmedMessage(
        new OutboundMessage(
            new Destination("exchange", "key"), OutboundMessage.Properties.JSON, new byte[size]),
        id);
  }
}

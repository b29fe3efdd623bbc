package dev.docket.rabbit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.docket.broker.TaskCourier.Sent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UnconfirmedTest {

  private static final long NOW = Long.MAX_VALUE - 5;

  private final Unconfirmed unconfirmed = new Unconfirmed(4, 100);
  private int channel;

  @BeforeEach
  void openAChannel() {
    channel = unconfirmed.newChannel();
  }

  @Test
  void acknowledgedIsConfirmed() {
    Shipment one = written("one", 1);

    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
    assertThat(one.outcome()).isEqualTo(Sent.CONFIRMED);
    assertThat(unconfirmed.confirmed(channel, 1, false)).isEmpty();
  }

  @Test
  void severalMayBeAcknowledgedTogether() {
    Shipment one = written("one", 1);
    Shipment two = written("two", 2);
    Shipment three = written("three", 3);

    assertThat(unconfirmed.confirmed(channel, 2, true)).containsExactly(one, two);
    assertThat(three.outcome()).isNull();
  }

  /** As RabbitMQ does it. */
  @Test
  void returnedAndThenAcknowledgedIsUnroutable() {
    Shipment one = written("one", 1);

    assertThat(unconfirmed.returned("one")).containsExactly(one);
    assertThat(unconfirmed.confirmed(channel, 1, false)).isEmpty();
    assertThat(unconfirmed.returned("one")).isEmpty();
    assertThat(one.outcome()).isEqualTo(Sent.UNROUTABLE);
  }

  /** As Qpid does it. */
  @Test
  void refusedAndThenReturnedIsUnroutable() {
    Shipment one = written("one", 1);

    unconfirmed.refused(channel, 1, false, NOW);
    assertThat(one.outcome()).isNull();
    assertThat(unconfirmed.returned("one")).containsExactly(one);
    assertThat(one.outcome()).isEqualTo(Sent.UNROUTABLE);
  }

  @Test
  void refusedAndNotReturnedIsNotNowAfterAWhile() {
    Shipment one = written("one", 1);
    unconfirmed.refused(channel, 1, false, NOW);

    assertThat(unconfirmed.expire(NOW + Unconfirmed.RETURN_GRACE.toNanos() - 1)).isEmpty();
    assertThat(unconfirmed.expire(NOW + Unconfirmed.RETURN_GRACE.toNanos())).containsExactly(one);
    assertThat(one.outcome()).isEqualTo(Sent.NOT_NOW);
  }

  @Test
  void whatALostChannelHadNotConfirmedIsWrittenAgainInItsOrder() {
    Shipment one = written("one", 1);
    Shipment two = written("two", 2);
    Shipment three = written("three", 3);
    Shipment four = unconfirmed.accept(parcel("four", 1), NOW);
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
    Shipment one = written("one", 1);
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
    Shipment one = unconfirmed.accept(parcel("one", 1), NOW);
    assertThat(unconfirmed.next()).isSameAs(one);
    unconfirmed.closed(channel, false);

    unconfirmed.writing(channel, 1, one);

    assertThat(unconfirmed.next()).isSameAs(one);
  }

  @Test
  void messageThatClosesItsChannelEachTimeIsGivenUp() {
    Shipment poison = written("poison", 1);
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
    Shipment one = written("one", 1);
    for (int i = 0; i < 10; i++) {
      assertThat(unconfirmed.closed(channel, false)).isEmpty();
      channel = unconfirmed.newChannel();
      unconfirmed.writing(channel, 1, unconfirmed.next());
    }
    assertThat(unconfirmed.confirmed(channel, 1, false)).containsExactly(one);
  }

  @Test
  void tooOldIsNotNowAndIsNotWrittenAnyMore() {
    Shipment old = unconfirmed.accept(parcel("old", 1), NOW);
    Shipment young = unconfirmed.accept(parcel("young", 1), NOW + Duration.ofSeconds(1).toNanos());

    assertThat(unconfirmed.expire(NOW + Unconfirmed.PATIENCE.toNanos())).containsExactly(old);
    assertThat(unconfirmed.next()).isSameAs(young);
  }

  @Test
  void takesNoMoreThanTheMost() {
    List<Shipment> all =
        List.of(written("1", 1), written("2", 2), written("3", 3), written("4", 4));
    assertThat(unconfirmed.hasRoom()).isFalse();
    assertThat(unconfirmed.accept(parcel("5", 1), NOW)).isNull();

    unconfirmed.confirmed(channel, 1, false);
    assertThat(unconfirmed.hasRoom()).as("until its sender has been told").isFalse();
    unconfirmed.told(all.get(0));
    assertThat(unconfirmed.accept(parcel("5", 1), NOW)).isNotNull();
  }

  @Test
  void takesNoMoreBytesThanTheMostButAnySingleMessage() {
    assertThat(unconfirmed.accept(parcel("large", 101), NOW)).isNotNull();
    assertThat(unconfirmed.hasRoom()).isFalse();
    assertThat(unconfirmed.accept(parcel("small", 1), NOW)).isNull();
  }

  @Test
  void givingUpAllLeavesNothing() {
    Shipment one = written("one", 1);
    Shipment two = unconfirmed.accept(parcel("two", 1), NOW);

    assertThat(unconfirmed.giveUpAll()).containsExactlyInAnyOrder(one, two);
    assertThat(unconfirmed.next()).isNull();
    assertThat(unconfirmed.confirmed(channel, 1, true)).isEmpty();
    assertThat(one.outcome()).isEqualTo(Sent.NOT_NOW);
  }

  private Shipment written(String id, long number) {
    Shipment shipment = unconfirmed.accept(parcel(id, 1), NOW);
    assertThat(unconfirmed.next()).isSameAs(shipment);
    unconfirmed.writing(channel, number, shipment);
    return shipment;
  }

  private static Parcel parcel(String id, int size) {
    return new Parcel(
        "exchange",
        "key",
        new AMQP.BasicProperties.Builder().messageId(id).build(),
        new byte[size]);
  }
}

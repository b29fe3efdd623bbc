package dev.docket.rabbit.publish;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.rabbit.connection.Channels;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel whose messages are confirmed, refused or returned. It says so to {@link Unconfirmed},
 * under its own number: what an earlier channel says late means nothing. Written to by one thread.
 */
final class ConfirmingChannel {

  private static final Logger log = LoggerFactory.getLogger(ConfirmingChannel.class);
  private static final boolean MANDATORY = true;

  private final Channel channel;
  private final int number;
  private final Unconfirmed unconfirmed;
  private final Outcomes outcomes;

  private ConfirmingChannel(Channel channel, Unconfirmed unconfirmed, Outcomes outcomes) {
    this.channel = channel;
    this.number = unconfirmed.newChannel();
    this.unconfirmed = unconfirmed;
    this.outcomes = outcomes;
  }

  /**
   * Opens one.
   *
   * @param confirmed called with each confirmation
   * @param closed called once, after what was not confirmed has been put back
   */
  static ConfirmingChannel open(
      Connection connection,
      Unconfirmed unconfirmed,
      Outcomes outcomes,
      Runnable confirmed,
      Consumer<ShutdownSignalException> closed)
      throws IOException {
    Channel channel = Channels.open(connection);
    channel.confirmSelect();
    ConfirmingChannel opened = new ConfirmingChannel(channel, unconfirmed, outcomes);
    channel.addReturnListener(
        (code, text, exchange, key, properties, body) ->
            outcomes.tell(unconfirmed.returned(properties.getMessageId())));
    channel.addConfirmListener(
        (tag, multiple) -> {
          outcomes.tell(unconfirmed.confirmed(opened.number, tag, multiple));
          confirmed.run();
        },
        (tag, multiple) -> unconfirmed.refused(opened.number, tag, multiple, System.nanoTime()));
    channel.addShutdownListener(
        why -> {
          outcomes.tell(unconfirmed.closed(opened.number, byBroker(why)));
          closed.accept(why);
        });
    return opened;
  }

  /** Whether the broker closed the channel only, because of something that was written to it. */
  static boolean byBroker(ShutdownSignalException why) {
    return !why.isHardError() && !why.isInitiatedByApplication();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** May be held up by the broker. After a failure the channel is of no use. */
  void write(Shipment shipment) throws IOException {
    unconfirmed.writing(number, channel.getNextPublishSeqNo(), shipment);
    Parcel parcel = shipment.parcel();
    try {
      channel.basicPublish(
          parcel.exchange(), parcel.routingKey(), MANDATORY, parcel.properties(), parcel.body());
    } catch (ShutdownSignalException lost) {
      throw lost;
    } catch (RuntimeException unwritable) {
      log.error("a message for {} cannot be written", parcel.routingKey(), unwritable);
      if (unconfirmed.giveUp(shipment)) {
        outcomes.tell(List.of(shipment));
      }
      // The client has counted it and the broker has not: their numbers no longer agree.
      throw new IOException("unwritable message", unwritable);
    }
  }

  /** Closes it; what it has not confirmed is put back. */
  void discard() {
    Channels.discard(channel);
    outcomes.tell(unconfirmed.closed(number, false));
  }
}

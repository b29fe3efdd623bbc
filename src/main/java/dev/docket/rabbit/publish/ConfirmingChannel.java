package dev.docket.rabbit.publish;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.rabbit.connection.Channels;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel with publisher confirms and mandatory messages. It passes confirms, negative
 * acknowledgements and returns to {@link UnconfirmedMessages} together with its own number, so that
 * late events of an earlier channel are ignored. Only one thread writes to it.
 */
final class ConfirmingChannel {

  private static final Logger LOG = LoggerFactory.getLogger(ConfirmingChannel.class);
  private static final boolean MANDATORY = true;

  private final Channel channel;
  private final int number;
  private final UnconfirmedMessages unconfirmed;
  private final Consumer<Collection<UnconfirmedMessage>> onDecided;

  private ConfirmingChannel(
      Channel channel,
      UnconfirmedMessages unconfirmed,
      Consumer<Collection<UnconfirmedMessage>> onDecided) {
    this.channel = channel;
    this.number = unconfirmed.newChannel();
    this.unconfirmed = unconfirmed;
    this.onDecided = onDecided;
  }

  /**
   * Opens a channel.
   *
   * @param onDecided called with messages whose outcome is decided
   * @param onConfirm called for each confirm
   * @param onNack called for each negative acknowledgement
   * @param onClose called once, after the unconfirmed messages have been queued for writing again
   */
  static ConfirmingChannel open(
      Connection connection,
      UnconfirmedMessages unconfirmed,
      Consumer<Collection<UnconfirmedMessage>> onDecided,
      Runnable onConfirm,
      Runnable onNack,
      Consumer<ShutdownSignalException> onClose)
      throws IOException {
    Channel channel = Channels.open(connection);
    channel.confirmSelect();
    ConfirmingChannel opened = new ConfirmingChannel(channel, unconfirmed, onDecided);
    channel.addReturnListener(
        (code, text, exchange, key, properties, body) ->
            onDecided.accept(unconfirmed.returned(properties.getMessageId())));
    channel.addConfirmListener(
        (tag, multiple) -> {
          onDecided.accept(unconfirmed.confirmed(opened.number, tag, multiple));
          onConfirm.run();
        },
        (tag, multiple) -> {
          unconfirmed.nacked(opened.number, tag, multiple, System.nanoTime());
          onNack.run();
        });
    channel.addShutdownListener(
        signal -> {
          onDecided.accept(unconfirmed.closed(opened.number, isClosedByBroker(signal)));
          onClose.accept(signal);
        });
    return opened;
  }

  /** Whether the broker closed only the channel, because of an error in a message or request. */
  static boolean isClosedByBroker(ShutdownSignalException signal) {
    return !signal.isHardError() && !signal.isInitiatedByApplication();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Writes a message; may block. After an exception the channel must be discarded. */
  void write(UnconfirmedMessage message) throws IOException {
    unconfirmed.beforeWrite(number, channel.getNextPublishSeqNo(), message);
    try {
      AmqpMessages.publish(channel, message.message, message.id, MANDATORY);
    } catch (ShutdownSignalException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error(
          "Cannot encode a message for {}; discarding it", message.destination().routingKey(), e);
      if (unconfirmed.giveUp(message)) {
        onDecided.accept(List.of(message));
      }
      // The client has counted the message and the broker has not, so their tags differ from now
      // on.
      throw new IOException("the message cannot be encoded", e);
    }
  }

  /** Closes the channel; its unconfirmed messages are queued for writing again. */
  void discard() {
    Channels.discard(channel);
    onDecided.accept(unconfirmed.closed(number, false));
  }
}

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
 * A channel whose messages are confirmed, refused or returned. It says so to {@link
 * UnconfirmedMessages}, under its own number: what an earlier channel says late means nothing.
 * Written to by one thread.
 */
final class ConfirmingChannel {

  private static final Logger LOG = LoggerFactory.getLogger(ConfirmingChannel.class);
  private static final boolean MANDATORY = true;

  private final Channel channel;
  private final int number;
  private final UnconfirmedMessages unconfirmed;
  private final Consumer<Collection<OutboundMessage>> decided;

  private ConfirmingChannel(
      Channel channel,
      UnconfirmedMessages unconfirmed,
      Consumer<Collection<OutboundMessage>> decided) {
    this.channel = channel;
    this.number = unconfirmed.newChannel();
    this.unconfirmed = unconfirmed;
    this.decided = decided;
  }

  /**
   * Opens one.
   *
   * @param decided called with messages whose outcome is decided
   * @param confirmed called with each confirmation
   * @param closed called once, after what was not confirmed has been put back
   */
  static ConfirmingChannel open(
      Connection connection,
      UnconfirmedMessages unconfirmed,
      Consumer<Collection<OutboundMessage>> decided,
      Runnable confirmed,
      Consumer<ShutdownSignalException> closed)
      throws IOException {
    Channel channel = Channels.open(connection);
    channel.confirmSelect();
    ConfirmingChannel opened = new ConfirmingChannel(channel, unconfirmed, decided);
    channel.addReturnListener(
        (code, text, exchange, key, properties, body) ->
            decided.accept(unconfirmed.returned(properties.getMessageId())));
    channel.addConfirmListener(
        (tag, multiple) -> {
          decided.accept(unconfirmed.confirmed(opened.number, tag, multiple));
          confirmed.run();
        },
        (tag, multiple) -> unconfirmed.refused(opened.number, tag, multiple, System.nanoTime()));
    channel.addShutdownListener(
        why -> {
          decided.accept(unconfirmed.closed(opened.number, byBroker(why)));
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
  void write(OutboundMessage message) throws IOException {
    unconfirmed.writing(number, channel.getNextPublishSeqNo(), message);
    try {
      channel.basicPublish(
          message.exchange(),
          message.routingKey(),
          MANDATORY,
          message.properties(),
          message.body());
    } catch (ShutdownSignalException lost) {
      throw lost;
    } catch (RuntimeException unwritable) {
      LOG.error("a message for {} cannot be written", message.routingKey(), unwritable);
      if (unconfirmed.giveUp(message)) {
        decided.accept(List.of(message));
      }
      // The client has counted it and the broker has not: their numbers no longer agree.
      throw new IOException("unwritable message", unwritable);
    }
  }

  /** Closes it; what it has not confirmed is put back. */
  void discard() {
    Channels.discard(channel);
    decided.accept(unconfirmed.closed(number, false));
  }
}

package dev.docket.rabbit.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Helper methods for channels of the RabbitMQ client. */
public final class Channels {

  private Channels() {}

  /** Opens a channel on a connection. */
  public static Channel open(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(
            () -> new IOException("the broker's limit of channels for a connection is reached"));
  }

  /** Closes a channel in any state, without waiting for the broker; never throws. */
  public static void discard(@Nullable Channel channel) {
    if (channel == null || !channel.isOpen()) {
      return;
    }
    try {
      channel.abort();
    } catch (IOException | RuntimeException e) {
      // The channel was closed together with its connection.
      return;
    }
  }

  /** The reason for a failure: the broker's own message if it sent one, else the root cause. */
  public static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PossibleAuthenticationFailureException rejected) {
        return String.valueOf(rejected.getMessage());
      }
      if (cause instanceof ShutdownSignalException signal) {
        Method reason = signal.getReason();
        if (reason instanceof AMQP.Connection.Close close) {
          return close.getReplyText();
        }
        if (reason instanceof AMQP.Channel.Close close) {
          return close.getReplyText();
        }
      }
    }
    Throwable root = failure;
    String message = failure.getMessage();
    while (root.getCause() != null) {
      root = root.getCause();
      message = root.getMessage() == null ? message : root.getMessage();
    }
    String type = root.getClass().getSimpleName();
    return message == null ? type : message + " (" + type + ")";
  }
}

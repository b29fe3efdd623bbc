package dev.docket.rabbit.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the broker's client leaves to be said each time. */
public final class Channels {

  private Channels() {}

  /** A new channel of a connection. */
  public static Channel open(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(() -> new IOException("the broker allows no more channels"));
  }

  /** Gives a channel up, whatever its state; never throws. */
  public static void discard(@Nullable Channel channel) {
    if (channel == null || !channel.isOpen()) {
      return;
    }
    try {
      channel.abort();
    } catch (IOException | RuntimeException gone) {
      // It is gone with its connection: as wanted.
      return;
    }
  }

  /** Why something failed, in the broker's words where it said any. */
  public static String why(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PossibleAuthenticationFailureException refused) {
        return String.valueOf(refused.getMessage());
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
    String said = failure.getMessage();
    while (root.getCause() != null) {
      root = root.getCause();
      said = root.getMessage() == null ? said : root.getMessage();
    }
    String kind = root.getClass().getSimpleName();
    return said == null ? kind : said + " (" + kind + ")";
  }
}

package dev.docket.http;

import java.io.IOException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Logs at info that a client disconnected before it had the response. Jersey logs that as an error
 * of the server, with a stack trace, and offers no other place to change it.
 */
final class DisconnectLog implements Filter {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(DisconnectLog.class);

  /** A reference, because the logging system forgets loggers that nothing refers to. */
  private static final Logger JERSEY =
      Logger.getLogger("org.glassfish.jersey.server.ServerRuntime$Responder");

  static void install() {
    JERSEY.setFilter(new DisconnectLog());
  }

  @Override
  public boolean isLoggable(LogRecord record) {
    for (@Nullable Throwable cause = record.getThrown(); cause != null; cause = cause.getCause()) {
      if (isDisconnect(cause)) {
        LOG.info("A client disconnected before it had received the response: {}", cause + "");
        return false;
      }
    }
    return true;
  }

  private static boolean isDisconnect(Throwable cause) {
    return cause instanceof IOException
        && cause.getClass().getName().startsWith("org.eclipse.jetty");
  }
}

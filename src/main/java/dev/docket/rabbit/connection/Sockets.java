package dev.docket.rabbit.connection;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the socket of a connection, for the case that the other side does not read any more.
 */
final class Sockets {

  /** How long a connection is given to say goodbye. */
  static final int CLOSE_TIMEOUT_MILLIS = 1_000;

  private @Nullable Socket latest;
  private boolean closed;

  synchronized void opened(Socket socket) throws IOException {
    if (closed) {
      throw new IOException("stopped");
    }
    latest = socket;
  }

  /** Cuts the open one off: whoever waits in a write to it fails. */
  void cut() {
    Socket open;
    synchronized (this) {
      open = latest;
      latest = null;
    }
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException gone) {
      return;
    }
  }

  /** Cuts the open one off, and every later one. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    cut();
  }
}

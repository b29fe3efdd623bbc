package dev.docket.rabbit.connection;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The socket of the current connection. Closing it directly ends a write that blocks because the
 * broker has stopped reading.
 */
final class Sockets {

  /** How long the client waits for a connection to close gracefully. */
  static final int CLOSE_TIMEOUT_MILLIS = 1_000;

  private @Nullable Socket current;
  private boolean closed;

  synchronized void opened(Socket socket) throws IOException {
    if (closed) {
      throw new IOException("stopped");
    }
    current = socket;
  }

  /** Closes the open socket; a thread that is blocked in a write to it fails. */
  void closeCurrent() {
    Socket open;
    synchronized (this) {
      open = current;
      current = null;
    }
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException e) {
      return;
    }
  }

  /** Closes the open socket, and rejects every later one. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    closeCurrent();
  }
}

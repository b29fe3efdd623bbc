package dev.docket.rabbit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP proxy in front of a broker, which can drop its connections or freeze. While it is frozen,
 * it forwards nothing and keeps the connections open, so that long writes block.
 */
public final class NetworkLink implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final URI broker;
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private boolean frozen;

  public NetworkLink(URI broker) throws IOException {
    this.broker = broker;
    this.server = new ServerSocket();
    server.setReceiveBufferSize(BUFFER_BYTES);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    startThread(this::accept);
  }

  /** The address to connect to. */
  public URI uri() {
    return URI.create(
        "%s://%s@127.0.0.1:%d"
            .formatted(broker.getScheme(), broker.getUserInfo(), server.getLocalPort()));
  }

  public synchronized void freeze() {
    frozen = true;
  }

  public synchronized void resume() {
    frozen = false;
    notifyAll();
  }

  /** Closes all current connections. */
  public void cut() {
    sockets.forEach(NetworkLink::closeQuietly);
    sockets.clear();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        Socket upstream = new Socket(broker.getHost(), broker.getPort());
        sockets.add(upstream);
        startThread(() -> forward(client, upstream));
        startThread(() -> forward(upstream, client));
      } catch (IOException e) {
        cut();
      }
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      int read = in.read(buffer);
      while (read >= 0) {
        awaitResume();
        out.write(buffer, 0, read);
        read = in.read(buffer);
      }
    } catch (IOException e) {
      closeQuietly(from);
    }
    closeQuietly(to);
  }

  private synchronized void awaitResume() throws IOException {
    try {
      while (frozen) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      return;
    }
  }

  private static void startThread(Runnable work) {
    Thread thread = new Thread(work, "test-network-link");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    resume();
    cut();
  }
}

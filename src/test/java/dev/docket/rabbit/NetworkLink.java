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
 * The cable to a broker, which can be cut, or go dead without anybody being told: nothing comes
 * through then, and whoever writes a lot is held up.
 */
public final class NetworkLink implements AutoCloseable {

  private static final int SMALL = 16 * 1024;

  private final URI broker;
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private boolean dead;

  public NetworkLink(URI broker) throws IOException {
    this.broker = broker;
    this.server = new ServerSocket();
    server.setReceiveBufferSize(SMALL);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    thread(this::accept);
  }

  /** What to connect to. */
  public URI uri() {
    return URI.create(
        "%s://%s@127.0.0.1:%d"
            .formatted(broker.getScheme(), broker.getUserInfo(), server.getLocalPort()));
  }

  public synchronized void goDead() {
    dead = true;
  }

  public synchronized void comeBack() {
    dead = false;
    notifyAll();
  }

  /** Every connection there is now is lost. */
  public void cut() {
    sockets.forEach(NetworkLink::quietly);
    sockets.clear();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        sockets.add(near);
        Socket far = new Socket(broker.getHost(), broker.getPort());
        sockets.add(far);
        thread(() -> pass(near, far));
        thread(() -> pass(far, near));
      } catch (IOException closed) {
        cut();
      }
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] some = new byte[SMALL];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      int read = in.read(some);
      while (read >= 0) {
        awaitLife();
        out.write(some, 0, read);
        read = in.read(some);
      }
    } catch (IOException gone) {
      quietly(from);
    }
    quietly(to);
  }

  private synchronized void awaitLife() throws IOException {
    try {
      while (dead) {
        wait();
      }
    } catch (InterruptedException stopping) {
      throw new IOException(stopping);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      return;
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "test-wire");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    comeBack();
    cut();
  }
}

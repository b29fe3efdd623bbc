package dev.docket.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy whose connections can be interrupted. With several upstream ports it is a round-robin
 * load balancer, which skips ports that refuse connections. Bytes that were blocked are forwarded
 * when the link is repaired, as TCP retransmits lost packets.
 */
public final class CutProxy implements AutoCloseable {

  /** How the proxy treats connections and bytes. */
  public enum Mode {
    /** Everything is forwarded. */
    OPEN("open"),
    /** Existing and new connections are reset. */
    RESET("connections reset"),
    /** Nothing is forwarded in either direction. */
    BLOCKED("blocked"),
    /** Nothing is forwarded to the upstream. */
    REQUESTS_BLOCKED("requests blocked"),
    /** Nothing is forwarded to the client. */
    RESPONSES_BLOCKED("responses blocked"),
    /** Each chunk is delayed. */
    SLOW("slow");

    final String description;

    Mode(String description) {
      this.description = description;
    }

    boolean blocks(boolean toUpstream) {
      return this == BLOCKED || this == (toUpstream ? REQUESTS_BLOCKED : RESPONSES_BLOCKED);
    }
  }

  private static final int CHUNK_BYTES = 4096;
  private static final long SLOW_MILLIS = 200;

  private final String name;
  private final List<Integer> upstreams;
  private final ServerSocket serverSocket;
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private volatile Mode mode = Mode.OPEN;

  /**
   * Opens the proxy on a free port.
   *
   * @param upstreams local ports
   */
  public CutProxy(String name, List<Integer> upstreams) throws IOException {
    this.name = name;
    this.upstreams = List.copyOf(upstreams);
    this.serverSocket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    startThread("accept", this::acceptConnections);
  }

  String name() {
    return name;
  }

  public int port() {
    return serverSocket.getLocalPort();
  }

  public void setMode(Mode newMode) {
    synchronized (lock) {
      mode = newMode;
      lock.notifyAll();
    }
    if (newMode == Mode.RESET) {
      connections.forEach(connection -> connection.close(true));
    }
  }

  private void startThread(String role, Runnable task) {
    Thread thread = new Thread(task, name + " " + role);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptConnections() {
    while (!serverSocket.isClosed()) {
      Socket client = null;
      try {
        client = serverSocket.accept();
        client.setTcpNoDelay(true);
        if (mode == Mode.RESET) {
          reset(client);
        } else {
          connectUpstream(client);
        }
      } catch (IOException e) {
        // The proxy is closed, or the client has disconnected; the client retries.
        reset(client);
      }
    }
  }

  private void connectUpstream(Socket client) {
    for (int tries = 0; tries < upstreams.size(); tries++) {
      int port = upstreams.get(Math.floorMod(next.getAndIncrement(), upstreams.size()));
      try {
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), port);
        upstream.setTcpNoDelay(true);
        Connection connection = new Connection(client, upstream);
        connections.add(connection);
        if (mode == Mode.RESET) {
          connection.close(true);
        }
        startThread("requests", () -> connection.forward(client, upstream, true));
        startThread("responses", () -> connection.forward(upstream, client, false));
        return;
      } catch (IOException e) {
        // Try the next upstream.
      }
    }
    reset(client);
  }

  private static void reset(Closeable socket) {
    if (socket == null) {
      return;
    }
    try {
      if (socket instanceof Socket open && !open.isClosed()) {
        open.setSoLinger(true, 0);
      }
      socket.close();
    } catch (IOException e) {
      // The socket is closed nevertheless.
    }
  }

  @Override
  public void close() {
    reset(serverSocket);
    setMode(Mode.RESET);
  }

  private final class Connection {
    private final Socket client;
    private final Socket upstream;

    private Connection(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    private void forward(Socket source, Socket sink, boolean toUpstream) {
      byte[] chunk = new byte[CHUNK_BYTES];
      try {
        for (int n = source.getInputStream().read(chunk); n >= 0; ) {
          awaitOpen(toUpstream);
          sink.getOutputStream().write(chunk, 0, n);
          n = source.getInputStream().read(chunk);
        }
        awaitOpen(toUpstream);
      } catch (IOException e) {
        // One side has disconnected; closing the connection notifies the other one.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close(false);
      }
    }

    private void awaitOpen(boolean toUpstream) throws InterruptedException {
      synchronized (lock) {
        while (mode.blocks(toUpstream)) {
          lock.wait();
        }
      }
      if (mode == Mode.SLOW) {
        Thread.sleep(SLOW_MILLIS);
      }
    }

    private void close(boolean reset) {
      connections.remove(this);
      try (client;
          upstream) {
        if (reset && !client.isClosed()) {
          client.setSoLinger(true, 0);
        }
      } catch (IOException e) {
        // The sockets are closed nevertheless.
      }
    }
  }
}

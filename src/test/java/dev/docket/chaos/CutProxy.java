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
 * A link over TCP that can be cut. With several ends it takes one after the other for its
 * connections, and the next where one cannot be reached, as a load balancer does. What was held
 * flows on when the link is mended, as it does when packets are sent again.
 */
final class CutProxy implements AutoCloseable {

  /** What it does with bytes. */
  enum Mode {
    OPEN,
    /** Connections are broken, and new ones too. */
    CUT,
    /** Nothing arrives in either direction. */
    HELD,
    /** Nothing arrives at the server. */
    HELD_THERE,
    /** No answer arrives. */
    HELD_BACK,
    /** Each piece takes its time. */
    SLOW;

    boolean holds(boolean there) {
      return this == HELD || this == (there ? HELD_THERE : HELD_BACK);
    }
  }

  private static final int PIECE = 4096;
  private static final long SLOW_MILLIS = 200;

  private final String name;
  private final List<Integer> ends;
  private final ServerSocket door;
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private volatile Mode mode = Mode.OPEN;

  /** Ports on this machine. */
  CutProxy(String name, List<Integer> ends) throws IOException {
    this.name = name;
    this.ends = List.copyOf(ends);
    this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    thread("accepts", this::accept);
  }

  String name() {
    return name;
  }

  int port() {
    return door.getLocalPort();
  }

  void set(Mode wanted) {
    synchronized (gate) {
      mode = wanted;
      gate.notifyAll();
    }
    if (wanted == Mode.CUT) {
      pairs.forEach(pair -> pair.close(true));
    }
  }

  private void thread(String what, Runnable task) {
    Thread thread = new Thread(task, name + " " + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!door.isClosed()) {
      Socket from = null;
      try {
        from = door.accept();
        from.setTcpNoDelay(true);
        if (mode == Mode.CUT) {
          reset(from);
        } else {
          join(from);
        }
      } catch (IOException e) {
        // Closed, or the caller is gone already: he calls again.
        reset(from);
      }
    }
  }

  private void join(Socket from) {
    for (int tries = 0; tries < ends.size(); tries++) {
      int end = ends.get(Math.floorMod(next.getAndIncrement(), ends.size()));
      try {
        Socket to = new Socket(InetAddress.getLoopbackAddress(), end);
        to.setTcpNoDelay(true);
        Pair pair = new Pair(from, to);
        pairs.add(pair);
        if (mode == Mode.CUT) {
          pair.close(true);
        }
        thread("there", () -> pair.carry(from, to, true));
        thread("back", () -> pair.carry(to, from, false));
        return;
      } catch (IOException notThere) {
        // Then the next.
      }
    }
    reset(from);
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
    } catch (IOException gone) {
      // It is closed in any case.
    }
  }

  @Override
  public void close() {
    reset(door);
    set(Mode.CUT);
  }

  private final class Pair {
    private final Socket from;
    private final Socket to;

    private Pair(Socket from, Socket to) {
      this.from = from;
      this.to = to;
    }

    private void carry(Socket source, Socket sink, boolean there) {
      byte[] piece = new byte[PIECE];
      try {
        for (int n = source.getInputStream().read(piece); n >= 0; ) {
          pass(there);
          sink.getOutputStream().write(piece, 0, n);
          n = source.getInputStream().read(piece);
        }
        pass(there);
      } catch (IOException broken) {
        // One of both is gone; the other is to hear of it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close(false);
      }
    }

    private void pass(boolean there) throws InterruptedException {
      synchronized (gate) {
        while (mode.holds(there)) {
          gate.wait();
        }
      }
      if (mode == Mode.SLOW) {
        Thread.sleep(SLOW_MILLIS);
      }
    }

    private void close(boolean hard) {
      pairs.remove(this);
      try (from;
          to) {
        if (hard && !from.isClosed()) {
          from.setSoLinger(true, 0);
        }
      } catch (IOException gone) {
        // It is closed in any case.
      }
    }
  }
}

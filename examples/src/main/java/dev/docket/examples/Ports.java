package dev.docket.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * The loopback ports of the whole stack.
 *
 * @param broker 0 for a free one, likewise {@code management} and {@code elasticsearch}
 */
record Ports(int server, int admin, int broker, int management, int elasticsearch) {

  /** Five in a row, which are known beforehand. */
  static Ports from(int first) {
    if (first < 1 || first > 65_531) {
      throw new UserError("The first port must be between 1 and 65531, not " + first + ".");
    }
    return new Ports(first, first + 1, first + 2, first + 3, first + 4);
  }

  /** Whichever are free, so that nothing that runs is disturbed. */
  static Ports free() {
    try (ServerSocket one = bound(0);
        ServerSocket two = bound(0)) {
      return new Ports(one.getLocalPort(), two.getLocalPort(), 0, 0, 0);
    } catch (IOException none) {
      throw new UserError("There is no free port on 127.0.0.1: " + none.getMessage(), none);
    }
  }

  /** Says which one is taken before anything has been started. */
  void requireFree() {
    for (int port : List.of(server, admin, broker, management, elasticsearch)) {
      try (ServerSocket socket = bound(port)) {
        socket.getLocalPort();
      } catch (IOException taken) {
        throw new UserError(
            "Port " + port + " of 127.0.0.1 is taken; is Docket running already?", taken);
      }
    }
  }

  private static ServerSocket bound(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException taken) {
      socket.close();
      throw taken;
    }
  }
}

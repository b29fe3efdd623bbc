package dev.docket.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * The loopback ports of a stack.
 *
 * @param broker 0 for a free port; likewise {@code management} and {@code elasticsearch}
 */
record Ports(int server, int admin, int broker, int management, int elasticsearch) {

  /** Five consecutive ports. */
  static Ports from(int first) {
    if (first < 1 || first > 65_531) {
      throw new UserError("The first port must be between 1 and 65531 (was " + first + ").");
    }
    return new Ports(first, first + 1, first + 2, first + 3, first + 4);
  }

  /** Free ports, which do not conflict with running programs. */
  static Ports free() {
    try (ServerSocket server = bound(0);
        ServerSocket admin = bound(0)) {
      return new Ports(server.getLocalPort(), admin.getLocalPort(), 0, 0, 0);
    } catch (IOException e) {
      throw new UserError("Cannot find a free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  /** Checks that all ports are free, before anything starts. */
  void requireFree() {
    for (int port : List.of(server, admin, broker, management, elasticsearch)) {
      try (ServerSocket socket = bound(port)) {
        socket.getLocalPort();
      } catch (IOException e) {
        throw new UserError(
            "Port " + port + " on 127.0.0.1 is in use. Is Docket already running?", e);
      }
    }
  }

  private static ServerSocket bound(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}

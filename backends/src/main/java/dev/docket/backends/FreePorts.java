package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds loopback ports that are currently free. Another process may bind such a port before it is
 * used. If possible, let the server bind port 0 instead; otherwise retry with other ports.
 */
final class FreePorts {

  private FreePorts() {}

  static List<Integer> find(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket();
        sockets.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ports.add(socket.getLocalPort());
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException("no free loopback port", e);
    } finally {
      sockets.forEach(FreePorts::close);
    }
  }

  /**
   * Checks that the port is free. A server would report a port in use late and less clearly.
   *
   * @throws BackendStartException if the port cannot be bound; 0 is always free
   */
  static void require(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new BackendStartException("cannot bind port " + port + ": " + e.getMessage(), e);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.docket.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections on the listening socket that the process got as its standard input, as
 * systemd passes it with {@code StandardInput=socket}. The other process keeps it open, so clients
 * can connect while the server restarts.
 *
 * <p>Never closes the socket: Java would redirect the standard output to /dev/null at the same
 * time, and Jetty's own use of such a socket closes it when the connector stops.
 */
final class InheritedConnector extends ServerConnector {

  private final ServerSocketChannel socket;
  private @Nullable Selector selector;

  /**
   * @throws IllegalArgumentException if the standard input is not a listening socket, or listens on
   *     an address that requires API keys
   */
  InheritedConnector(Server server, boolean loopbackOnly) {
    super(server, 1, -1);
    try {
      if (!(System.inheritedChannel() instanceof ServerSocketChannel listening)) {
        throw new IllegalArgumentException(
            "dane.store.inheritSocket requires a listening socket as standard input"
                + " (systemd: StandardInput=socket)");
      }
      InetSocketAddress address = (InetSocketAddress) listening.getLocalAddress();
      if (loopbackOnly && !address.getAddress().isLoopbackAddress()) {
        throw new IllegalArgumentException(
            "the socket of dane.store.inheritSocket must listen on a loopback address because no"
                + " apiKeys are configured (was "
                + address.getAddress().getHostAddress()
                + "); create a key with the command new-key, or listen on 127.0.0.1");
      }
      socket = listening;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void open() throws IOException {
    // A blocking accept would close the socket when Jetty interrupts its thread.
    socket.configureBlocking(false);
    selector = Selector.open();
    socket.register(selector, SelectionKey.OP_ACCEPT);
  }

  @Override
  public boolean isOpen() {
    return selector != null && selector.isOpen();
  }

  @Override
  public int getLocalPort() {
    return socket.socket().getLocalPort();
  }

  @Override
  public void accept(int acceptor) throws IOException {
    if (selector == null) {
      return;
    }
    selector.select();
    selector.selectedKeys().clear();
    SocketChannel connection = socket.accept();
    if (connection != null) {
      connection.configureBlocking(false);
      configure(connection.socket());
      getSelectorManager().accept(connection);
    }
  }

  @Override
  public void close() {
    try {
      if (selector != null) {
        selector.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

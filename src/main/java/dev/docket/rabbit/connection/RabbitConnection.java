package dev.docket.rabbit.connection;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import dev.docket.concurrent.Backoff;
import dev.docket.concurrent.NamedThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the broker that reconnects whenever it is lost, and declares the topology each
 * time. It may start while the broker is unreachable; it then retries until it succeeds.
 *
 * <p>The server has one connection for publishing and one for consuming. A broker that is short of
 * memory stops reading from connections that publish, so it would not receive acknowledgements on
 * the same connection either.
 */
public final class RabbitConnection {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitConnection.class);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final Duration STABLE_AFTER = Duration.ofSeconds(5);

  /**
   * A user of the connection. The methods are called on the connection's own thread, and must
   * neither block nor throw.
   */
  public interface Component {
    /** A connection is established, and the topology is declared on it. */
    void connected(Connection connection);

    /** The connection is lost or closed. */
    default void disconnected() {}
  }

  private final String name;
  private final RabbitSettings settings;
  private final RabbitTopology topology;
  private final List<Component> components = new CopyOnWriteArrayList<>();
  private final Backoff backoff = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
  private final Sockets sockets = new Sockets();
  private final SerialExecutor executor;
  private volatile @Nullable Connection current;

  /** Whether all components have been notified of the current connection. */
  private volatile boolean ready;

  private volatile @Nullable String blockedReason;
  private volatile String disconnectReason = "not started";
  private boolean unreachableLogged;
  private long connectedAt;

  public RabbitConnection(String name, RabbitSettings settings, RabbitTopology topology) {
    this.name = name;
    this.settings = settings;
    this.topology = topology;
    this.executor = new SerialExecutor(name + "-link");
  }

  /** Adds a component; only before the start. */
  public void add(Component component) {
    components.add(component);
  }

  /** Connects in the background; returns immediately. */
  public void start() {
    disconnectReason = "not connected yet";
    executor.execute(this::connect);
  }

  /** Whether there is a connection and the broker has not sent {@code connection.blocked} on it. */
  public boolean canPublish() {
    return current != null && blockedReason == null;
  }

  /** Why the connection cannot be used now; empty if it can. */
  public Optional<String> healthError() {
    if (current == null || !ready) {
      return Optional.of(
          "the broker is unreachable at " + settings.address() + ": " + disconnectReason);
    }
    String reason = blockedReason;
    return reason == null
        ? Optional.empty()
        : Optional.of("the broker blocks publishing at " + settings.address() + ": " + reason);
  }

  private void connect() {
    Connection connection = null;
    try {
      ConnectionFactory factory = settings.connectionFactory();
      factory.setThreadFactory(new NamedThreads("docket-rabbit-" + name));
      factory.setExceptionHandler(new LostConnectionHandler());
      factory.setSocketConfigurator(factory.getSocketConfigurator().andThen(sockets::opened));
      connection = factory.newConnection("docket " + name);
      topology.declare(connection);
    } catch (IOException | TimeoutException | RuntimeException e) {
      if (connection != null) {
        close(connection);
      }
      retry(e);
      return;
    }
    connected(connection);
  }

  private void retry(Exception failure) {
    disconnectReason = Channels.reason(failure);
    if (!unreachableLogged) {
      unreachableLogged = true;
      LOG.warn(
          "The broker is unreachable at {}: {}; retrying until the connection succeeds",
          settings.address(),
          disconnectReason);
    }
    connectLater();
  }

  private void connected(Connection connection) {
    connectedAt = System.nanoTime();
    unreachableLogged = false;
    current = connection;
    connection.addBlockedListener(
        reason -> executor.execute(() -> setBlocked(connection, reason)),
        () -> executor.execute(() -> setBlocked(connection, null)));
    LOG.info("Connected to the broker at {} ({} connection)", settings.address(), name);
    // The client calls the listener immediately if the connection is already lost.
    connection.addShutdownListener(signal -> executor.execute(() -> lost(connection, signal)));
    components.forEach(component -> component.connected(connection));
    ready = true;
  }

  private void setBlocked(Connection connection, @Nullable String reason) {
    if (connection != current) {
      return;
    }
    blockedReason = reason;
    if (reason != null) {
      LOG.warn(
          "The broker blocks publishing at {}: {}; publishing resumes when it unblocks",
          settings.address(),
          reason);
    } else {
      LOG.info("The broker no longer blocks publishing at {}", settings.address());
    }
  }

  private void lost(Connection connection, ShutdownSignalException signal) {
    if (connection != current) {
      return;
    }
    ready = false;
    current = null;
    blockedReason = null;
    disconnectReason = Channels.reason(signal);
    components.forEach(Component::disconnected);
    LOG.warn(
        "Lost the connection to the broker at {} ({} connection): {}; reconnecting",
        settings.address(),
        name,
        disconnectReason);
    unreachableLogged = true;
    // Without this check, a broker that closes every new connection would be retried without delay.
    if (System.nanoTime() - connectedAt > STABLE_AFTER.toNanos()) {
      backoff.reset();
    }
    connectLater();
  }

  private void connectLater() {
    executor.schedule(backoff.next(), this::connect);
  }

  /** Closes the connection; returns within a few seconds even if the broker does not respond. */
  public void stop() {
    executor.shutdown();
    disconnectReason = "stopped";
    Connection connection = current;
    ready = false;
    current = null;
    components.forEach(Component::disconnected);
    if (connection != null) {
      close(connection);
    }
    sockets.close();
  }

  /**
   * Closes the connection gracefully, or its socket if that takes too long: a broker that blocks
   * the connection does not read the request to close it.
   */
  private void close(Connection connection) {
    Thread closer =
        new NamedThreads("docket-rabbit-" + name + "-close")
            .newThread(() -> connection.abort(Sockets.CLOSE_TIMEOUT_MILLIS));
    closer.start();
    try {
      closer.join(Sockets.CLOSE_TIMEOUT_MILLIS * 3L / 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closer.isAlive()) {
      sockets.closeCurrent();
    }
  }

  /** Logs at debug level only, because {@link #lost} logs each lost connection. */
  private static final class LostConnectionHandler extends DefaultExceptionHandler {
    @Override
    public void handleUnexpectedConnectionDriverException(Connection lost, Throwable failure) {
      LOG.debug("A connection to the broker failed", failure);
    }
  }

  @Override
  public String toString() {
    return "RabbitConnection[" + name + ", " + settings.address() + "]";
  }
}

package dev.docket.rabbit.connection;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
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
 * One connection to the broker that comes back whenever it is lost, with all that must be declared.
 * A start without a broker is no failure: it is tried until it succeeds.
 *
 * <p>There are two of them, because a broker that is short of memory stops reading from connections
 * that publish, and would then hear no acknowledgement on them either.
 */
public final class RabbitConnection {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitConnection.class);
  private static final Duration INITIAL_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);
  private static final Duration STABLE_AFTER = Duration.ofSeconds(5);

  /** Who uses the connection. Called on the link's thread; must neither block nor throw. */
  public interface Component {
    /** There is a connection, and all is declared on it. */
    void connected(Connection connection);

    /** It is gone. */
    void disconnected();
  }

  private final String name;
  private final RabbitSettings settings;
  private final RabbitTopology topology;
  private final List<Component> parts = new CopyOnWriteArrayList<>();
  private final Backoff backoff = new Backoff(INITIAL_BACKOFF, MAX_BACKOFF);
  private final Sockets sockets = new Sockets();
  private final SerialExecutor loop;
  private volatile @Nullable Connection current;

  /** Whether every part has it: only then can all be done with it. */
  private volatile boolean inUse;

  private volatile @Nullable String blocked;
  private volatile String healthError = "not started";
  private boolean complained;
  private long upSince;

  public RabbitConnection(String name, RabbitSettings settings, RabbitTopology topology) {
    this.name = name;
    this.settings = settings;
    this.topology = topology;
    this.loop = new SerialExecutor(name + "-link");
  }

  /** To be called before the start. */
  public void add(Component part) {
    parts.add(part);
  }

  /** Returns at once; the parts hear of the connection when there is one. */
  public void start() {
    healthError = "not connected yet";
    loop.run(this::connect);
  }

  /** Whether the broker takes messages on this connection, as far as it has said. */
  public boolean takesMessages() {
    return current != null && blocked == null;
  }

  /** Why nothing can be sent now; empty if all is well. */
  public Optional<String> healthError() {
    if (current == null || !inUse) {
      return Optional.of(
          "no connection to the broker at " + settings.address() + ": " + healthError);
    }
    String why = blocked;
    return why == null
        ? Optional.empty()
        : Optional.of("the broker at " + settings.address() + " takes no messages now: " + why);
  }

  private void connect() {
    Connection connection = null;
    try {
      ConnectionFactory factory = settings.connectionFactory();
      factory.setThreadFactory(new NamedThreads(name));
      factory.setExceptionHandler(new QuietLosses());
      factory.setSocketConfigurator(factory.getSocketConfigurator().andThen(sockets::opened));
      connection = factory.newConnection("docket " + name);
      topology.declare(connection);
    } catch (IOException | TimeoutException | RuntimeException failed) {
      if (connection != null) {
        close(connection);
      }
      retry(failed);
      return;
    }
    connected(connection);
  }

  private void retry(Exception failed) {
    healthError = Channels.why(failed);
    if (!complained) {
      complained = true;
      LOG.warn(
          "cannot reach the broker at {}: {}; trying until it can be reached",
          settings.address(),
          healthError);
    }
    connectLater();
  }

  private void connected(Connection connection) {
    upSince = System.nanoTime();
    complained = false;
    current = connection;
    connection.addBlockedListener(
        reason -> loop.run(() -> block(connection, reason)),
        () -> loop.run(() -> block(connection, null)));
    LOG.info("connected to the broker at {} ({})", settings.address(), name);
    // Called at once if the connection has been lost already.
    connection.addShutdownListener(why -> loop.run(() -> lost(connection, why)));
    parts.forEach(part -> part.connected(connection));
    inUse = true;
  }

  private void block(Connection connection, @Nullable String reason) {
    if (connection != current) {
      return;
    }
    blocked = reason;
    if (reason != null) {
      LOG.warn("the broker at {} takes no messages now: {}", settings.address(), reason);
    } else {
      LOG.info("the broker at {} takes messages again", settings.address());
    }
  }

  private void lost(Connection connection, ShutdownSignalException why) {
    if (connection != current) {
      return;
    }
    inUse = false;
    current = null;
    blocked = null;
    healthError = Channels.why(why);
    parts.forEach(Component::disconnected);
    LOG.warn("lost the broker at {} ({}): {}", settings.address(), name, healthError);
    complained = true;
    // Else a broker that throws everybody out at once would be asked without a pause.
    if (System.nanoTime() - upSince > STABLE_AFTER.toNanos()) {
      backoff.reset();
    }
    connectLater();
  }

  private void connectLater() {
    loop.later(backoff.next(), this::connect);
  }

  /** Lets go of the connection; returns within a few seconds even if the broker is deaf. */
  public void stop() {
    loop.end();
    healthError = "stopped";
    Connection connection = current;
    inUse = false;
    current = null;
    parts.forEach(Component::disconnected);
    if (connection != null) {
      close(connection);
    }
    sockets.close();
  }

  /** A blocked broker does not read that we want to go, so there is a limit to politeness. */
  private void close(Connection connection) {
    Thread polite =
        new NamedThreads(name + "-close")
            .newThread(() -> connection.abort(Sockets.CLOSE_TIMEOUT_MILLIS));
    polite.start();
    try {
      polite.join(Sockets.CLOSE_TIMEOUT_MILLIS * 3L / 2);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    if (polite.isAlive()) {
      sockets.cut();
    }
  }

  /** A lost connection is told once, by {@link #lost}. */
  private static final class QuietLosses extends DefaultExceptionHandler {
    @Override
    public void handleUnexpectedConnectionDriverException(Connection lost, Throwable why) {
      LOG.debug("a connection to the broker ends", why);
    }
  }

  @Override
  public String toString() {
    return "RabbitLink[" + name + ", " + settings.address() + "]";
  }
}

package dev.docket.rabbit.poll;

import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.WorkerQueues;
import dev.docket.http.RateLimitedLogger;
import dev.docket.rabbit.connection.Channels;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.task.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares queues after each connect, and once a minute in case somebody has deleted one. A caller
 * that repeats its call therefore always finds its queues again.
 */
public final class RabbitWorkerQueues implements WorkerQueues, RabbitConnection.Component {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitWorkerQueues.class);

  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final RabbitTopology topology;
  private final LongSupplier nanos;
  private final RateLimitedLogger failures;
  private volatile @Nullable Connection connection;

  /** Guarded by this; the connection on which the routes were declared. */
  private @Nullable Connection declaredOn;

  /** Guarded by this. */
  private final Set<Route> declared = new HashSet<>();

  /** Guarded by this. */
  private long declaredSince;

  /**
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public RabbitWorkerQueues(RabbitTopology topology, LongSupplier nanos) {
    this.topology = topology;
    this.nanos = nanos;
    this.failures = new RateLimitedLogger(LOG, nanos);
    this.declaredSince = nanos.getAsLong();
  }

  @Override
  public void connected(Connection newConnection) {
    connection = newConnection;
  }

  @Override
  public void disconnected() {
    connection = null;
  }

  @Override
  public synchronized void declare(Collection<Route> routes) {
    Connection current = connection;
    if (current == null) {
      throw new BrokerUnavailable("the broker is unreachable");
    }
    if (current != declaredOn || nanos.getAsLong() - declaredSince > INTERVAL.toNanos()) {
      declared.clear();
      declaredOn = current;
      declaredSince = nanos.getAsLong();
    }
    declared.retainAll(routes);
    for (Route route : routes) {
      if (!declared.contains(route)) {
        declare(current, route);
      }
    }
  }

  /** Declares a queue, or logs why this one cannot be declared although the broker responds. */
  private void declare(Connection current, Route route) {
    try {
      topology.declareWorkerQueue(current, route);
      declared.add(route);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      String message = "The queue of " + route + " cannot be declared: " + Channels.reason(e);
      if (e instanceof TimeoutException
          || e instanceof ChannelContinuationTimeoutException
          || !current.isOpen()) {
        throw new BrokerUnavailable(message);
      }
      failures.warn(message + "; trying again");
    }
  }
}

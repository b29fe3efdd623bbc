package dev.docket.rabbit.poll;

import com.rabbitmq.client.Connection;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.TaskQueue;
import dev.docket.concurrent.NamedThreads;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.connection.SerialExecutor;
import dev.docket.task.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages from worker queues for workers that poll, in order of priority. A message is
 * delivered to one poll at a time; a message that is not acknowledged returns to its queue.
 */
public final class RabbitTaskQueue implements TaskQueue, RabbitConnection.Component {

  private static final int THREADS = 4;

  /**
   * Limits of polls.
   *
   * @param maxPolls maximum number of polls, each of which uses a channel, including those that
   *     have ended and whose channel is being closed
   * @param settleTimeout how long a delivery may stay unsettled before it returns to its queue
   */
  public record Limits(int maxPolls, Duration settleTimeout) {
    public static final Limits DEFAULT = new Limits(1000, Duration.ofSeconds(60));
  }

  private final RabbitTopology topology;
  private final Limits limits;
  private final ExecutorService pool =
      Executors.newFixedThreadPool(THREADS, new NamedThreads("docket-rabbit-poll"));
  private final SerialExecutor timer = new SerialExecutor("poll-timer");
  private final Set<PollSession> sessions = ConcurrentHashMap.newKeySet();
  private final Set<Route> declaredRoutes = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Connection connection;
  private volatile boolean draining;

  public RabbitTaskQueue(RabbitTopology topology, Limits limits) {
    this.topology = topology;
    this.limits = limits;
  }

  @Override
  public void connected(Connection newConnection) {
    declaredRoutes.clear();
    connection = newConnection;
  }

  @Override
  public void disconnected() {
    connection = null;
  }

  @Override
  public CompletionStage<List<Delivery>> take(Collection<Route> routes, int max, Duration wait) {
    if (max < 1) {
      throw new IllegalArgumentException("max must be at least 1 (was " + max + ")");
    }
    Connection current = connection;
    if (draining) {
      return failed("the server is stopping");
    }
    if (current == null) {
      return failed("the broker is unreachable");
    }
    if (sessions.size() >= limits.maxPolls()) {
      return failed("too many open polls (the limit is " + limits.maxPolls() + ")");
    }
    PollSession session =
        new PollSession(this, current, List.copyOf(Set.copyOf(routes)), max, wait);
    sessions.add(session);
    if (!inPool(session::begin)) {
      sessions.remove(session);
      return failed("the server is stopping");
    }
    return session.result();
  }

  private static CompletionStage<List<Delivery>> failed(String reason) {
    return CompletableFuture.failedStage(new BrokerUnavailable(reason));
  }

  RabbitTopology topology() {
    return topology;
  }

  public Limits limits() {
    return limits;
  }

  /** Declares the queues that are not known to exist; true if all were known. */
  boolean declare(Connection current, Collection<Route> routes)
      throws IOException, TimeoutException {
    boolean allKnown = true;
    for (Route route : routes) {
      if (!declaredRoutes.contains(route)) {
        allKnown = false;
        topology.declareWorkerQueue(current, route);
        declaredRoutes.add(route);
      }
    }
    return allKnown;
  }

  /** Declares the queues again before their next use, as they may have been deleted. */
  void forget(Collection<Route> routes) {
    routes.forEach(declaredRoutes::remove);
  }

  void ended(PollSession session) {
    sessions.remove(session);
  }

  /** Executes a step that may wait for the broker; false if this task queue is stopped. */
  boolean inPool(Runnable step) {
    try {
      pool.execute(step);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  void schedule(Duration delay, Runnable step) {
    timer.schedule(delay, () -> inPool(step));
  }

  /** The number of polls that wait or have unsettled deliveries. */
  public int openPolls() {
    return sessions.size();
  }

  /** Ends waiting polls without messages, and rejects new ones. Deliveries can still be settled. */
  public void drain() {
    draining = true;
    sessions.forEach(session -> inPool(session::endIfWaiting));
  }

  /** Ends every poll; unsettled messages return to their queues. */
  public void stop() {
    connection = null;
    timer.shutdown();
    sessions.forEach(session -> inPool(session::end));
    pool.shutdown();
    try {
      if (!pool.awaitTermination(2, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sessions.forEach(PollSession::end);
  }
}

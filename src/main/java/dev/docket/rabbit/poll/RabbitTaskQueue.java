package dev.docket.rabbit.poll;

import com.rabbitmq.client.Connection;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.TaskQueue;
import dev.docket.rabbit.connection.NamedThreads;
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
 * Takes messages from the worker queues for those who poll, those of the highest priority first. A
 * message is in one hand at a time; what is not acknowledged goes back.
 */
public final class RabbitTaskQueue implements TaskQueue, RabbitConnection.Component {

  private static final int THREADS = 4;

  /**
   * What is held for others at once.
   *
   * @param takes the most polls that are open, each with a channel of its own
   * @param settle how long a message may be held before it goes back
   */
  public record Limits(int takes, Duration settle) {
    public static final Limits DEFAULT = new Limits(500, Duration.ofSeconds(60));
  }

  private final RabbitTopology topology;
  private final Limits limits;
  private final ExecutorService pool =
      Executors.newFixedThreadPool(THREADS, new NamedThreads("poll"));
  private final SerialExecutor clock = new SerialExecutor("poll-clock");
  private final Set<PollSession> open = ConcurrentHashMap.newKeySet();
  private final Set<Route> declared = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Connection connection;
  private volatile boolean draining;

  public RabbitTaskQueue(RabbitTopology topology, Limits limits) {
    this.topology = topology;
    this.limits = limits;
  }

  @Override
  public void connected(Connection fresh) {
    declared.clear();
    connection = fresh;
  }

  @Override
  public void disconnected() {
    connection = null;
  }

  @Override
  public CompletionStage<List<Taken>> take(Collection<Route> routes, int max, Duration wait) {
    if (max < 1) {
      throw new IllegalArgumentException("max: must be 1 or more, was " + max);
    }
    Connection on = connection;
    if (draining) {
      return failed("the server is stopping");
    }
    if (on == null) {
      return failed("the broker cannot be reached");
    }
    if (open.size() >= limits.takes()) {
      return failed("too many workers poll at once");
    }
    PollSession take = new PollSession(this, on, List.copyOf(Set.copyOf(routes)), max, wait);
    open.add(take);
    if (!inPool(take::begin)) {
      open.remove(take);
      return failed("the server is stopping");
    }
    return take.answer();
  }

  private static CompletionStage<List<Taken>> failed(String why) {
    return CompletableFuture.failedStage(new BrokerUnavailable(why));
  }

  RabbitTopology topology() {
    return topology;
  }

  public Limits limits() {
    return limits;
  }

  /** Makes the queues that are not known to be there; true if all were. */
  boolean declare(Connection on, Collection<Route> routes) throws IOException, TimeoutException {
    boolean known = true;
    for (Route route : routes) {
      if (!declared.contains(route)) {
        known = false;
        topology.declareWorkerQueue(on, route);
        declared.add(route);
      }
    }
    return known;
  }

  /** They may have been deleted. */
  void forget(Collection<Route> routes) {
    routes.forEach(declared::remove);
  }

  void ended(PollSession take) {
    open.remove(take);
  }

  /** Does what may wait for the broker; false if the queue is stopped. */
  boolean inPool(Runnable step) {
    try {
      pool.execute(step);
      return true;
    } catch (RejectedExecutionException stopped) {
      return false;
    }
  }

  void later(Duration pause, Runnable step) {
    clock.later(pause, () -> inPool(step));
  }

  /** How many polls are open, or have messages that are not settled. */
  public int open() {
    return open.size();
  }

  /**
   * Takes nothing more: those who wait are answered with nothing. What is handed out is settled.
   */
  public void drain() {
    draining = true;
    open.forEach(take -> inPool(take::endIfWaiting));
  }

  /** Ends every take; what they hold goes back. */
  public void stop() {
    connection = null;
    clock.end();
    open.forEach(take -> inPool(take::end));
    pool.shutdown();
    try {
      if (!pool.awaitTermination(2, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    open.forEach(PollSession::end);
  }
}

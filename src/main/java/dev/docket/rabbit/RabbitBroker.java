package dev.docket.rabbit;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.ReplyHandler;
import dev.docket.broker.WorkerQueues;
import dev.docket.events.EventFeed;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.consume.RabbitEventFeed;
import dev.docket.rabbit.consume.RabbitReplies;
import dev.docket.rabbit.poll.RabbitTaskQueue;
import dev.docket.rabbit.poll.RabbitWorkerQueues;
import dev.docket.rabbit.publish.ConfirmedPublisher;
import dev.docket.rabbit.publish.DeadLetters;
import dev.docket.rabbit.publish.RabbitEventPublisher;
import dev.docket.rabbit.publish.RabbitTaskPublisher;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Docket's access to RabbitMQ, over two connections that reconnect automatically: one for
 * publishing and one for consuming. It does not connect before {@link #start}, and it may start
 * while the broker is unreachable.
 */
public final class RabbitBroker {

  private final RabbitSettings settings;
  private final RabbitTopology topology;
  private final RabbitConnection publishConnection;
  private final RabbitConnection consumeConnection;
  private final ConfirmedPublisher confirmedPublisher;
  private final RabbitTaskPublisher publisher;
  private final RabbitEventPublisher events;
  private final RabbitEventFeed eventFeed;
  private final RabbitTaskQueue taskQueue;
  private final RabbitWorkerQueues workerQueues;
  private @Nullable RabbitReplies replies;
  private boolean stopped;

  /**
   * Creates the access; connects to nothing.
   *
   * @param protocols created with the same names
   */
  public RabbitBroker(
      RabbitSettings settings, BrokerNames names, WorkerProtocols protocols, Clock clock) {
    this.settings = settings;
    this.topology = new RabbitTopology(names, protocols);
    this.publishConnection = new RabbitConnection("publish", settings, topology);
    this.consumeConnection = new RabbitConnection("consume", settings, topology);
    this.confirmedPublisher =
        new ConfirmedPublisher(publishConnection, topology, settings.maxUnconfirmed(), clock);
    this.publisher = new RabbitTaskPublisher(protocols, confirmedPublisher, clock);
    this.events = new RabbitEventPublisher(topology);
    this.eventFeed = new RabbitEventFeed(topology);
    this.taskQueue = new RabbitTaskQueue(topology, RabbitTaskQueue.Limits.DEFAULT);
    this.workerQueues = new RabbitWorkerQueues(topology, System::nanoTime);
    publishConnection.add(confirmedPublisher);
    publishConnection.add(events);
    consumeConnection.add(taskQueue);
    consumeConnection.add(workerQueues);
    consumeConnection.add(eventFeed);
  }

  /** Consumes workers' replies with this handler. Called at most once, before the start. */
  public void consumeReplies(ReplyHandler handler) {
    if (replies != null) {
      throw new IllegalStateException("a reply handler is already set");
    }
    replies =
        new RabbitReplies(
            topology,
            new DeadLetters(topology, confirmedPublisher),
            settings.responsePrefetch(),
            handler);
    consumeConnection.add(replies);
  }

  /**
   * Calls the listener after each connect, including the first, when messages can be published
   * again. Called before the start; the listener must not block.
   */
  public void whenConnected(Runnable listener) {
    publishConnection.add(connection -> listener.run());
  }

  public RabbitTaskPublisher publisher() {
    return publisher;
  }

  public RabbitTaskQueue taskQueue() {
    return taskQueue;
  }

  /** The queues that the server declares without waiting for a worker. */
  public WorkerQueues workerQueues() {
    return workerQueues;
  }

  public RabbitEventPublisher events() {
    return events;
  }

  /** The feed of the events of all servers. */
  public EventFeed eventFeed() {
    return eventFeed;
  }

  public RabbitTopology topology() {
    return topology;
  }

  /** Connects in the background; returns immediately. */
  public void start() {
    confirmedPublisher.start();
    events.start();
    eventFeed.start();
    publishConnection.start();
    consumeConnection.start();
  }

  /** Stops serving polls; waiting polls end without tasks. Returns immediately. */
  public void drain() {
    taskQueue.drain();
  }

  /**
   * Stops within seconds. Messages that are not confirmed by then get the outcome {@code NOT_NOW}.
   */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    if (replies != null) {
      replies.stop();
    }
    taskQueue.stop();
    confirmedPublisher.stop();
    events.stop();
    eventFeed.stop();
    consumeConnection.stop();
    publishConnection.stop();
  }

  /** A human-readable reason why the broker cannot be used now; empty if it can. */
  public Optional<String> connectionError() {
    return publishConnection
        .healthError()
        .or(consumeConnection::healthError)
        .or(
            () ->
                confirmedPublisher
                    .silence()
                    .map(
                        silence ->
                            "the broker does not answer at "
                                + settings.address()
                                + ": it has not confirmed a message for "
                                + silence.toSeconds()
                                + " s"));
  }

  /**
   * When the broker rejected the latest message to a destination, because a queue is full; empty if
   * it accepted it.
   */
  public Optional<Instant> rejectedAt(Destination destination) {
    return confirmedPublisher.rejectedAt(destination);
  }

  /**
   * A human-readable description of what is wrong with the broker; empty if nothing is. Besides
   * {@link #connectionError}, it contains conflicts of the topology, with which Docket may still
   * work.
   */
  public Optional<String> healthError() {
    List<String> errors = new ArrayList<>(topology.conflicts());
    connectionError().ifPresent(error -> errors.add(0, error));
    return errors.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", errors));
  }

  @Override
  public String toString() {
    return "RabbitBroker[" + settings.address() + "]";
  }
}

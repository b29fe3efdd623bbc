package dev.docket.rabbit;

import com.rabbitmq.client.Connection;
import dev.docket.broker.ReplyHandler;
import dev.docket.events.EventFeed;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.rabbit.connection.RabbitConnection;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.consume.RabbitEventFeed;
import dev.docket.rabbit.consume.RabbitReplies;
import dev.docket.rabbit.poll.RabbitTaskQueue;
import dev.docket.rabbit.publish.ConfirmedPublisher;
import dev.docket.rabbit.publish.DeadLetters;
import dev.docket.rabbit.publish.RabbitEventPublisher;
import dev.docket.rabbit.publish.RabbitTaskPublisher;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that Docket does with the broker, over two connections that come back by themselves: one that
 * publishes, one that consumes. Makes no connection before the start, and a start without a broker
 * is no failure.
 */
public final class RabbitBroker {

  private final RabbitSettings settings;
  private final RabbitTopology topology;
  private final RabbitConnection publishing;
  private final RabbitConnection consuming;
  private final ConfirmedPublisher sender;
  private final RabbitTaskPublisher publisher;
  private final RabbitEventPublisher events;
  private final RabbitEventFeed eventFeed;
  private final RabbitTaskQueue taskQueue;
  private @Nullable RabbitReplies responses;
  private boolean stopped;

  public RabbitBroker(RabbitSettings settings, WorkerProtocols protocols, Clock clock) {
    this.settings = settings;
    this.topology = new RabbitTopology(settings.prefix(), protocols);
    this.publishing = new RabbitConnection("publish", settings, topology);
    this.consuming = new RabbitConnection("consume", settings, topology);
    this.sender = new ConfirmedPublisher(publishing, topology, settings.maxUnconfirmed());
    this.publisher = new RabbitTaskPublisher(protocols, topology, sender, clock);
    this.events = new RabbitEventPublisher(topology);
    this.eventFeed = new RabbitEventFeed(topology);
    this.taskQueue = new RabbitTaskQueue(topology, RabbitTaskQueue.Limits.DEFAULT);
    publishing.add(sender);
    publishing.add(events);
    consuming.add(taskQueue);
    consuming.add(eventFeed);
  }

  /** Who takes the answers of workers; to be called at most once, before the start. */
  public void answerTo(ReplyHandler answers) {
    if (responses != null) {
      throw new IllegalStateException("the answers are taken already");
    }
    responses =
        new RabbitReplies(
            topology, new DeadLetters(topology, sender), settings.responsePrefetch(), answers);
    consuming.add(responses);
  }

  /**
   * Tells after each connect, the first one too, that messages are taken again. Called before the
   * start; the listener must not block.
   */
  public void whenConnected(Runnable listener) {
    publishing.add(
        new RabbitConnection.Component() {
          @Override
          public void connected(Connection connection) {
            listener.run();
          }

          @Override
          public void disconnected() {
            // Nothing is sent while it is.
          }
        });
  }

  public RabbitTaskPublisher publisher() {
    return publisher;
  }

  public RabbitTaskQueue taskQueue() {
    return taskQueue;
  }

  public RabbitEventPublisher events() {
    return events;
  }

  /** The events of all servers. */
  public EventFeed eventFeed() {
    return eventFeed;
  }

  public RabbitTopology topology() {
    return topology;
  }

  /** Returns at once; connects in the background. */
  public void start() {
    sender.start();
    events.start();
    eventFeed.start();
    publishing.start();
    consuming.start();
  }

  /** From now on no tasks are handed out; who waits for some gets none. Returns at once. */
  public void drain() {
    taskQueue.drain();
  }

  /** Returns within seconds; what is not confirmed by then is told {@code NOT_NOW}. */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    if (responses != null) {
      responses.stop();
    }
    taskQueue.stop();
    sender.stop();
    events.stop();
    eventFeed.stop();
    consuming.stop();
    publishing.stop();
  }

  /** Why the broker cannot be used now, for people; empty if it can. */
  public Optional<String> unreachable() {
    return publishing.healthError().or(consuming::healthError);
  }

  /**
   * What is wrong with the broker, for people; empty if nothing is. Besides {@link #unreachable}
   * that is what somebody has declared there otherwise than it should be, which may do for now.
   */
  public Optional<String> healthError() {
    List<String> troubles = new ArrayList<>(topology.conflicts());
    unreachable().ifPresent(healthError -> troubles.add(0, healthError));
    return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles));
  }

  @Override
  public String toString() {
    return "RabbitBroker[" + settings.address() + "]";
  }
}

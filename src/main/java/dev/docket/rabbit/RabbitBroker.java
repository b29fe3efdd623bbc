package dev.docket.rabbit;

import com.rabbitmq.client.Connection;
import dev.docket.broker.Answers;
import dev.docket.events.EventFeed;
import dev.docket.protocol.Couriers;
import dev.docket.rabbit.connection.RabbitLink;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import dev.docket.rabbit.consume.RabbitEventFeed;
import dev.docket.rabbit.consume.RabbitResponses;
import dev.docket.rabbit.poll.RabbitTaskQueue;
import dev.docket.rabbit.publish.DeadLetters;
import dev.docket.rabbit.publish.RabbitEvents;
import dev.docket.rabbit.publish.RabbitPublisher;
import dev.docket.rabbit.publish.RabbitSender;
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
  private final RabbitLink publishing;
  private final RabbitLink consuming;
  private final RabbitSender sender;
  private final RabbitPublisher publisher;
  private final RabbitEvents events;
  private final RabbitEventFeed eventFeed;
  private final RabbitTaskQueue taskQueue;
  private @Nullable RabbitResponses responses;
  private boolean stopped;

  public RabbitBroker(RabbitSettings settings, Couriers couriers, Clock clock) {
    this.settings = settings;
    this.topology = new RabbitTopology(settings.prefix(), couriers);
    this.publishing = new RabbitLink("publish", settings, topology);
    this.consuming = new RabbitLink("consume", settings, topology);
    this.sender = new RabbitSender(publishing, topology, settings.maxUnconfirmed());
    this.publisher = new RabbitPublisher(couriers, topology, sender, clock);
    this.events = new RabbitEvents(topology);
    this.eventFeed = new RabbitEventFeed(topology);
    this.taskQueue = new RabbitTaskQueue(topology, RabbitTaskQueue.Limits.DEFAULT);
    publishing.add(sender);
    publishing.add(events);
    consuming.add(taskQueue);
    consuming.add(eventFeed);
  }

  /** Who takes the answers of workers; to be called at most once, before the start. */
  public void answerTo(Answers answers) {
    if (responses != null) {
      throw new IllegalStateException("the answers are taken already");
    }
    responses =
        new RabbitResponses(
            topology, new DeadLetters(topology, sender), settings.responsePrefetch(), answers);
    consuming.add(responses);
  }

  /**
   * Tells after each connect, the first one too, that messages are taken again. Called before the
   * start; the listener must not block.
   */
  public void whenConnected(Runnable listener) {
    publishing.add(
        new RabbitLink.Part() {
          @Override
          public void up(Connection connection) {
            listener.run();
          }

          @Override
          public void down() {
            // Nothing is sent while it is.
          }
        });
  }

  public RabbitPublisher publisher() {
    return publisher;
  }

  public RabbitTaskQueue taskQueue() {
    return taskQueue;
  }

  public RabbitEvents events() {
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
    return publishing.trouble().or(consuming::trouble);
  }

  /**
   * What is wrong with the broker, for people; empty if nothing is. Besides {@link #unreachable}
   * that is what somebody has declared there otherwise than it should be, which may do for now.
   */
  public Optional<String> trouble() {
    List<String> troubles = new ArrayList<>(topology.conflicts());
    unreachable().ifPresent(trouble -> troubles.add(0, trouble));
    return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles));
  }

  @Override
  public String toString() {
    return "RabbitBroker[" + settings.address() + "]";
  }
}

package dev.docket.rabbit.publish;

import dev.docket.broker.OutboundMessage;
import dev.docket.broker.TaskPublisher;
import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Task;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the messages of tasks, which their worker protocol creates. Messages are mandatory, and
 * published with confirms. The outcome {@code CONFIRMED} means that the message is in a queue. A
 * message may be published more than once, for the same run.
 */
public final class RabbitTaskPublisher implements TaskPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitTaskPublisher.class);

  private final WorkerProtocols protocols;
  private final ConfirmedPublisher publisher;
  private final Clock clock;

  public RabbitTaskPublisher(WorkerProtocols protocols, ConfirmedPublisher publisher, Clock clock) {
    this.protocols = protocols;
    this.publisher = publisher;
    this.clock = clock;
  }

  @Override
  public CompletionStage<PublishOutcome> publish(Task task) {
    if (!publisher.ready()) {
      return CompletableFuture.completedStage(PublishOutcome.NOT_NOW);
    }
    OutboundMessage message;
    try {
      message = message(task);
    } catch (RuntimeException e) {
      // For example, the task's worker protocol is no longer configured. The server retries until
      // an operator fixes the configuration.
      LOG.error("Cannot create the message of task {}; retrying later", task.id(), e);
      return CompletableFuture.completedStage(PublishOutcome.NOT_NOW);
    }
    return publisher.publish(message);
  }

  @Override
  public boolean ready() {
    return publisher.ready();
  }

  /** The number of messages that the broker has not confirmed yet. */
  public int unconfirmed() {
    return publisher.unconfirmed();
  }

  private OutboundMessage message(Task task) {
    WorkerProtocol protocol = protocols.get(task.run().protocol());
    if (protocol.transport() instanceof Transport.Broker broker) {
      return broker.message(task, clock.instant());
    }
    throw new IllegalStateException(
        "tasks of protocol " + protocol.name() + " are not published to the broker");
  }
}

package dev.docket.broker;

import dev.docket.task.Task;
import java.util.concurrent.CompletionStage;

/**
 * Publishes the messages of tasks to the broker. Never blocks: while the broker is unreachable or
 * the limit of unconfirmed messages is reached, the outcome is {@link PublishOutcome#NOT_NOW}
 * immediately.
 */
public interface TaskPublisher {

  /** The outcome of a publish. */
  enum PublishOutcome {
    /** The broker has confirmed that the message is in a queue. */
    CONFIRMED,
    /** No queue is bound for the message's routing key. */
    UNROUTABLE,
    /**
     * The broker is unreachable or overloaded, or has rejected the message. The message may be in a
     * queue nevertheless.
     */
    NOT_NOW
  }

  /**
   * Publishes the message of the task's current run. The stage completes on the publisher's thread.
   */
  CompletionStage<PublishOutcome> publish(Task task);

  /** Whether a message would be accepted now. */
  boolean ready();
}

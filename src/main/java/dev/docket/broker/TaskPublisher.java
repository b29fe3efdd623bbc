package dev.docket.broker;

import dev.docket.task.Task;
import java.util.concurrent.CompletionStage;

/**
 * Takes a task's message to the broker. Never blocks: while the broker cannot be reached, or has
 * more unconfirmed messages than memory should hold, it says {@link Sent#NOT_NOW} at once.
 */
public interface TaskPublisher {

  /** How it went. */
  enum Sent {
    /** The broker has it, in a queue. */
    CONFIRMED,
    /** No queue is bound for it. */
    UNROUTABLE,
    /** The broker cannot be reached, refuses, or has enough to do. It may have it all the same. */
    NOT_NOW
  }

  /** Sends the message of the task's current run. Completes on the courier's thread. */
  CompletionStage<Sent> publish(Task task);

  /** Whether a message would be taken now. */
  boolean ready();

  /**
   * Tells a worker that holds no lease that the run is not wanted any more, where its kind can be
   * told. Best effort.
   */
  CompletionStage<Void> revoke(Task task);
}

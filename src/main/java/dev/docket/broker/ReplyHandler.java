package dev.docket.broker;

import java.util.concurrent.CompletionStage;

/** Handles replies that workers send through the broker instead of reporting over HTTP. */
public interface ReplyHandler {

  /** What the consumer does with the message of a handled reply. */
  enum AckDecision {
    /** The reply is stored or rejected, or its task no longer exists: acknowledge the message. */
    ACKNOWLEDGE,
    /** The reply is unreadable: publish it to the dead-letter queue, then acknowledge it. */
    DEAD_LETTER,
    /** The reply cannot be stored now: handle it again later, without acknowledging it. */
    RETRY_LATER
  }

  /**
   * Handles one reply. Never blocks. The stage completes when the decision is final; it may
   * complete on any thread and never completes exceptionally.
   *
   * @param correlationId the correlation id that the worker copied from the task's message; empty
   *     if it sent none
   */
  CompletionStage<AckDecision> handle(String correlationId, byte[] body);
}

package dev.docket.broker;

import java.util.concurrent.CompletionStage;

/** Takes what workers that do not report over HTTP answer through the broker. */
public interface ReplyHandler {

  /** What became of an answer. */
  enum AckDecision {
    /** It is stored, or refused, or was for a task that is gone: acknowledge it. */
    DONE,
    /** Nobody can read it: keep it aside, then acknowledge it. */
    UNREADABLE,
    /** The store could not take it now: offer it again, later. */
    NOT_NOW
  }

  /**
   * Takes one answer. The stage completes when its fate is certain, never exceptionally, on any
   * thread. Never blocks.
   *
   * @param correlationId as the worker echoed it; empty where it did not
   */
  CompletionStage<AckDecision> take(String correlationId, byte[] body);
}

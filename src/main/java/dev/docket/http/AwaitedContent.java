package dev.docket.http;

import java.util.concurrent.CompletionStage;

/** The content of a response for which its client waits, and what became of it. */
public interface AwaitedContent<T> {

  /** The content, to be written as JSON. */
  CompletionStage<T> content();

  /**
   * Whether the wait has begun, so that the status can be sent. Before that, and while the outcome
   * is being decided, a failure still has its own status.
   */
  boolean isWaiting();

  /** The content that reports a failure under the status 200, because that was sent before. */
  T failure(int status, String detail);

  /** The response was sent. Called once, unless {@link #lost} is called. */
  void sent();

  /** The client disconnected before it had the response. Called once, at any time. */
  void lost();
}

package dev.docket.auth;

/** Is told of rejected credentials before the response is sent. */
@FunctionalInterface
public interface RejectionListener {

  /** Ignores rejections. */
  RejectionListener NONE = rejected -> {};

  /** Handles a rejection. Does not fail, and blocks for at most a second. */
  void onRejected(RejectedCredentials rejected);
}

package dev.docket.worker;

import java.time.Duration;

/** A source of tasks: the broker or the server. */
interface TaskSource {

  /** Starts in the background. An unreachable server or broker is no failure. */
  void start();

  /** Stops receiving tasks and returns unclaimed messages. Does not wait. */
  void stopReceiving();

  /** Closes connections and threads and waits for that, up to a limit. Called last in a stop. */
  void close(Duration limit) throws InterruptedException;
}

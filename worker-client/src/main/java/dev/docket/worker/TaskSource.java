package dev.docket.worker;

import java.time.Duration;

/** Where tasks come from. */
interface TaskSource {

  /** Begins, in the background; never fails because something cannot be reached. */
  void start();

  /** Takes nothing more, and hands back what is not claimed. Returns at once. */
  void stopTaking();

  /** Lets go of everything, once all places are free, and waits for that, up to a limit. */
  void close(Duration limit) throws InterruptedException;
}

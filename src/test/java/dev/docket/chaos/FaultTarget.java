package dev.docket.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A program that can be killed, suspended and started again. It has one fault at a time. */
interface FaultTarget extends AutoCloseable {

  /** Starts or restarts the program. Returns before it is ready. */
  void start() throws IOException;

  /** Whether the program is ready to work. */
  boolean isReady();

  /** Whether the program's process is running. */
  boolean isAlive();

  /** Sends SIGKILL and waits for the end of the process. */
  void kill() throws InterruptedException;

  /** The processes to suspend and resume. */
  List<ProcessHandle> processes();

  /** Sends SIGTERM and waits for the end of the process. */
  default void terminate() throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  default void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  default void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    for (ProcessHandle process : processes()) {
      Process kill =
          new ProcessBuilder(
                  "kill", "-" + name.toUpperCase(Locale.ROOT), String.valueOf(process.pid()))
              .start();
      kill.waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Override
  void close();
}

package dev.docket.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A program that can be killed, stopped and started again. One fault at a time. */
interface FaultTarget extends AutoCloseable {

  /** Starts it, also again; returns before it is ready. */
  void start() throws IOException;

  /** Whether it can work. */
  boolean isReady();

  /** Whether its process is there. */
  boolean isAlive();

  /** kill -9; returns when it is dead. */
  void kill() throws InterruptedException;

  /** What is to be stopped and continued. */
  List<ProcessHandle> processes();

  /** SIGTERM, and its end waited for. */
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

package dev.docket.server;

import io.dropwizard.lifecycle.Managed;

/** Something that is started with the server and stopped with it. */
record ManagedComponent(Act onStart, Act onStop) implements Managed {

  /** A step that may fail. */
  interface Act {
    void run() throws Exception;
  }

  @Override
  public void start() throws Exception {
    onStart.run();
  }

  @Override
  public void stop() throws Exception {
    onStop.run();
  }
}

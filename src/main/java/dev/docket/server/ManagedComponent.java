package dev.docket.server;

import io.dropwizard.lifecycle.Managed;

/** A component that starts and stops with the server. */
record ManagedComponent(Action onStart, Action onStop) implements Managed {

  /** An action that may fail. */
  interface Action {
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

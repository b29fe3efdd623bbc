package dev.docket.server;

import org.eclipse.jetty.util.component.LifeCycle;

/** What is to be done when the server begins to stop, before it waits for what is under way. */
record Stopping(Runnable act) implements LifeCycle.Listener {

  @Override
  public void lifeCycleStopping(LifeCycle server) {
    act.run();
  }
}

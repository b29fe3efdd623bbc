package dev.docket.server;

import dev.docket.guard.Guard;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/** Puts the guard in front of all ports of Dropwizard's server, just before they open. */
record GuardedStart(Guard guard) implements LifeCycle.Listener {

  @Override
  public void lifeCycleStarting(LifeCycle starting) {
    if (starting instanceof Server server) {
      guard.protect(server);
    }
  }
}

package dev.docket.server;

import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears first that the server is to stop: what would wait for long is ended then. */
record Draining(Runnable drain) implements LifeCycle.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

  @Override
  public void lifeCycleStopping(LifeCycle server) {
    LOG.info("Stopping: nothing new is begun, what is under way may end");
    drain.run();
  }

  @Override
  public void lifeCycleStopped(LifeCycle server) {
    LOG.info("Stopped");
  }
}

package dev.docket.server;

import dev.docket.guard.Guard;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/** Puts the guard in front of all ports of Dropwizard's server, just before they open. */
final class GuardedStart implements LifeCycle.Listener {

  private final Guard guard;
  private final List<String> basePaths;
  private final Consumer<RequestLog> requestLog;

  /**
   * Creates the start.
   *
   * @param basePaths of the dialects
   * @param requestLog receives the request log of the server, if it has one
   */
  GuardedStart(Guard guard, List<String> basePaths, Consumer<RequestLog> requestLog) {
    this.guard = guard;
    this.basePaths = basePaths;
    this.requestLog = requestLog;
  }

  @Override
  public void lifeCycleStarting(LifeCycle starting) {
    if (starting instanceof Server server) {
      basePaths.forEach(path -> SingleSlashes.wrap(server, path));
      guard.protect(server);
      RequestLog log = server.getRequestLog();
      if (log != null) {
        requestLog.accept(log);
      }
    }
  }
}

package dev.docket.server;

import dev.docket.guard.Guard;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Puts the guard in front of all ports of Dropwizard's server, just before they open.
 *
 * @param basePaths of the dialects
 * @param requestLog receives the request log of the server, if it has one
 */
record GuardedStart(Guard guard, List<String> basePaths, Consumer<RequestLog> requestLog)
    implements LifeCycle.Listener {

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

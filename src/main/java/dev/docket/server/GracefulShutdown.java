package dev.docket.server;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs when the server begins to stop: ends long polls and event streams, then waits for current
 * requests. Jetty would wait for them too, but closes connections that are idle for a second.
 */
record GracefulShutdown(Runnable drain) implements LifeCycle.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(GracefulShutdown.class);

  /** Time for Jetty's own shutdown after the last request. */
  private static final Duration JETTY_STOP_TIMEOUT = Duration.ofSeconds(2);

  /**
   * If Jetty aborts a request, Jersey completes it normally, and the client would get an empty 200
   * (eclipse-ee4j/jersey#6044). Every regular response sets its own status.
   */
  static final Filter DEFAULT_STATUS_503 =
      (request, response, chain) -> {
        ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        chain.doFilter(request, response);
      };

  static void install(Environment environment, Runnable drain) {
    environment.lifecycle().addEventListener(new GracefulShutdown(drain));
    environment
        .servlets()
        .addFilter("default-status-503", DEFAULT_STATUS_503)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void lifeCycleStopping(LifeCycle stopping) {
    LOG.info("Stopping: accepting no new work, waiting for current requests");
    drain.run();
    if (stopping instanceof Server server) {
      awaitRequests(server);
    }
  }

  /** Accepts no new requests, and waits for the current ones until the server's stop timeout. */
  static void awaitRequests(Server server) {
    CompletableFuture<?>[] completions =
        server.getDescendants(GracefulHandler.class).stream()
            .map(GracefulHandler::shutdown)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(completions).get(server.getStopTimeout(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn(
          "Some requests did not end within {} ms; closing their connections",
          server.getStopTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.setStopTimeout(Math.min(server.getStopTimeout(), JETTY_STOP_TIMEOUT.toMillis()));
  }

  @Override
  public void lifeCycleStopped(LifeCycle server) {
    LOG.info("Stopped");
  }
}

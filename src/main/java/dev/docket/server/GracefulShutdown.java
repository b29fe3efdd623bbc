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
 * Hears first that the server is to stop: what would wait for long is ended then, and what is under
 * way is awaited. Jetty would wait for it too, but cuts connections that are silent for a second.
 */
record GracefulShutdown(Runnable drain) implements LifeCycle.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(GracefulShutdown.class);

  /** For what Jetty has to do itself after the last request. */
  private static final Duration REST = Duration.ofSeconds(2);

  static void install(Environment environment, Runnable drain) {
    environment.lifecycle().addEventListener(new GracefulShutdown(drain));
    // Where Jetty cuts a request off, Jersey ends it in order, and it would go out as an empty 200
    // (eclipse-ee4j/jersey#6044). Whatever is answered sets a status of its own.
    Filter nothingAnswered =
        (request, response, chain) -> {
          ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
          chain.doFilter(request, response);
        };
    environment
        .servlets()
        .addFilter("no success unless it is said", nothingAnswered)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void lifeCycleStopping(LifeCycle stopping) {
    LOG.info("Stopping: nothing new is begun, what is under way may end");
    drain.run();
    if (stopping instanceof Server server) {
      awaitRequests(server);
    }
  }

  private static void awaitRequests(Server server) {
    CompletableFuture<?>[] ends =
        server.getDescendants(GracefulHandler.class).stream()
            .map(GracefulHandler::shutdown)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(server.getStopTimeout(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      LOG.warn(
          "Not all requests have ended after {} ms, they are cut off", server.getStopTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.setStopTimeout(Math.min(server.getStopTimeout(), REST.toMillis()));
  }

  @Override
  public void lifeCycleStopped(LifeCycle server) {
    LOG.info("Stopped");
  }
}

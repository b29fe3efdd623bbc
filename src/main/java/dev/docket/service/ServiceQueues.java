package dev.docket.service;

import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.WorkerQueues;
import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Policies;
import dev.docket.task.Route;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares the queues of services, so that their tasks wait for workers that have not started yet.
 * Only a protocol whose queues the server knows has such queues. A key that is in the configuration
 * under {@code keys} alone says nothing about target types, so that it has none.
 */
public final class ServiceQueues implements ServiceListener {

  /** Interval at which a server declares queues that are missing. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(ServiceQueues.class);

  /** For how long the response to a change waits for its queues. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private final ServiceRegistry registry;
  private final Policies policies;
  private final WorkerProtocols protocols;
  private final WorkerQueues queues;
  private final Executor blocking;

  /**
   * @param blocking executor for work that blocks
   */
  public ServiceQueues(
      ServiceRegistry registry,
      Policies policies,
      WorkerProtocols protocols,
      WorkerQueues queues,
      Executor blocking) {
    this.registry = registry;
    this.policies = policies;
    this.protocols = protocols;
    this.queues = queues;
    this.blocking = blocking;
  }

  /** Declares the queues of all services. Blocks. */
  public void declare() {
    try {
      queues.declare(routes());
    } catch (BrokerUnavailable e) {
      LOG.debug(
          "Queues of services are not declared ({}); retrying every {} s",
          e.getMessage(),
          INTERVAL.toSeconds());
    }
  }

  private Set<Route> routes() {
    Set<Route> routes = new LinkedHashSet<>();
    for (Service service : registry.all().values()) {
      if (service.source() != Service.Source.KEY) {
        service.spec().targetTypes().stream()
            .map(type -> new Route(type, service.key()))
            .filter(route -> hasQueues(service, route))
            .forEach(routes::add);
      }
    }
    return routes;
  }

  private boolean hasQueues(Service service, Route route) {
    return protocols.find(service.protocol(policies)).stream()
        .anyMatch(
            protocol ->
                protocol.transport() instanceof Transport.Broker broker
                    && !broker.queues(route).isEmpty());
  }

  /**
   * Declares the queues; the stage completes at the latest when the response cannot wait longer.
   */
  @Override
  public CompletionStage<?> changed(Service service) {
    try {
      return CompletableFuture.runAsync(this::declare, blocking)
          .completeOnTimeout(null, MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Too much work is waiting; the queues of {} are declared later", service.slug(), e);
      return CompletableFuture.completedStage(null);
    }
  }
}

package dev.docket.server;

import dev.docket.audit.AuditLog;
import dev.docket.broker.WorkerQueues;
import dev.docket.http.RequestBodyReader;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.service.RecentSightings;
import dev.docket.service.ServiceQueues;
import dev.docket.service.ServiceRegistry;
import dev.docket.service.ServiceRequests;
import dev.docket.service.ServiceResource;
import dev.docket.service.ServiceService;
import dev.docket.service.ServiceStore;
import dev.docket.task.Policies;
import dev.docket.workers.WorkerRegistry;
import java.time.Clock;

/** Creates what changes services and acts on them. */
final class ServiceWiring {

  private final ServiceStore store;
  private final ServiceRegistry registry;
  private final Policies policies;
  private final WorkerProtocols protocols;
  private final ServiceQueues queues;

  ServiceWiring(
      ServiceStore store,
      ServiceRegistry registry,
      Policies policies,
      WorkerProtocols protocols,
      WorkerQueues queues,
      ServerThreads threads) {
    this.store = store;
    this.registry = registry;
    this.policies = policies;
    this.protocols = protocols;
    this.queues = new ServiceQueues(registry, policies, protocols, queues, threads.blocking());
  }

  ServiceResource resource(
      RequestBodyReader bodies, AuditLog audit, WorkerRegistry workers, Clock clock) {
    return new ServiceResource(
        new ServiceService(store, registry, queues, audit, clock),
        registry,
        new ServiceRequests(bodies, protocols.names()),
        new RecentSightings(workers::lastSeenByKey, System::nanoTime),
        policies);
  }

  /** Reads the services, then keeps them and their queues up to date. Blocks. */
  void start(ServerThreads threads) {
    registry.read();
    threads.repeatBlocking("docket-services", ServiceRegistry.INTERVAL, registry::read);
    threads.repeatBlocking("docket-service-queues", ServiceQueues.INTERVAL, queues::declare);
  }
}

package dev.docket.protocol;

import dev.docket.broker.BrokerNames;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The worker protocols of this installation, by name. */
public final class WorkerProtocols {

  private final Map<String, WorkerProtocol> byName;

  private WorkerProtocols(Map<String, WorkerProtocol> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /** Creates the protocols of an installation, as {@link #of(List)}. */
  public static WorkerProtocols of(BrokerNames names, List<WorkerProtocol.Factory> factories) {
    return of(factories.stream().map(factory -> factory.create(names)).toList());
  }

  /**
   * Keeps the order of the list.
   *
   * @throws IllegalArgumentException if two protocols have the same name
   */
  public static WorkerProtocols of(List<WorkerProtocol> protocols) {
    Map<String, WorkerProtocol> byName = new LinkedHashMap<>();
    for (WorkerProtocol protocol : protocols) {
      if (byName.put(protocol.name(), protocol) != null) {
        throw new IllegalArgumentException(
            "names of worker protocols must be unique (two are named " + protocol.name() + ")");
      }
    }
    return new WorkerProtocols(byName);
  }

  /**
   * The protocol with this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the allowed names
   */
  public WorkerProtocol get(String name) {
    WorkerProtocol protocol = byName.get(name);
    if (protocol == null) {
      throw new IllegalArgumentException(
          "worker protocol must be one of " + String.join(", ", names()) + " (was " + name + ")");
    }
    return protocol;
  }

  /** Finds the protocol with this name. */
  public Optional<WorkerProtocol> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Set<String> names() {
    return byName.keySet();
  }

  /** The names of the protocols whose workers hold leases that expire. */
  public List<String> leasing() {
    return byName.values().stream()
        .filter(protocol -> protocol.ackMode() == Policy.AckMode.CLAIMS)
        .filter(protocol -> protocol.transport() instanceof Transport.Broker)
        .map(WorkerProtocol::name)
        .toList();
  }

  /** The exchanges that the server declares. */
  public List<Transport.Exchange> exchanges() {
    return byName.values().stream()
        .flatMap(WorkerProtocols::broker)
        .flatMap(broker -> broker.exchanges().stream())
        .distinct()
        .toList();
  }

  /** The queue from which a poll takes the tasks of a route: that of the workers that claim. */
  public Transport.Queue polledQueue(Route route) {
    return byName.values().stream()
        .filter(protocol -> protocol.ackMode() == Policy.AckMode.CLAIMS)
        .flatMap(WorkerProtocols::broker)
        .flatMap(broker -> broker.queues(route).stream())
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Transport.Broker> broker(WorkerProtocol protocol) {
    return protocol.transport() instanceof Transport.Broker broker
        ? Stream.of(broker)
        : Stream.empty();
  }
}

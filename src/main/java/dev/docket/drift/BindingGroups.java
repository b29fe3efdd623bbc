package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.broker.Destination;
import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Divides routes and queues into {@link BindingGroup}s, by evaluating the bindings. */
final class BindingGroups {

  private final Census.Statistics statistics;
  private final Map<Destination, List<ExpectedMessages.RouteCount>> routesByDestination =
      new LinkedHashMap<>();
  private final List<ExpectedMessages.RouteCount> routesWithoutProtocol = new ArrayList<>();
  private final Map<Destination, List<Census.Queue>> exactQueues = new HashMap<>();
  private final List<Census.Queue> patternQueues = new ArrayList<>();
  private final Map<Census.Queue, List<Destination>> destinationsByQueue = new HashMap<>();
  private final Map<Destination, List<Census.Queue>> queuesByDestination = new HashMap<>();

  private BindingGroups(
      Census.Statistics statistics, ExpectedMessages expected, WorkerProtocols protocols) {
    this.statistics = statistics;
    for (ExpectedMessages.RouteCount route : expected.routes()) {
      Optional<WorkerProtocol> protocol = protocols.find(route.protocol());
      if (protocol.isEmpty()) {
        routesWithoutProtocol.add(route);
      } else if (protocol.orElseThrow().transport() instanceof Transport.Broker broker) {
        routesByDestination
            .computeIfAbsent(broker.destination(route.route()), d -> new ArrayList<>())
            .add(route);
      }
    }
    statistics.queues().forEach(this::index);
    routesByDestination.keySet().forEach(this::join);
  }

  /** Returns the groups. Each queue is in exactly one, and each route whose tasks have messages. */
  static List<BindingGroup> of(
      Census.Statistics statistics, ExpectedMessages expected, WorkerProtocols protocols) {
    return new BindingGroups(statistics, expected, protocols).all();
  }

  /** Indexes exact bindings, the usual ones, so that only patterns are matched with each route. */
  private void index(Census.Queue queue) {
    for (Census.Binding binding : queue.bindings()) {
      String pattern = binding.routingKey();
      if (pattern.contains("*") || pattern.contains("#")) {
        patternQueues.add(queue);
      } else {
        Destination destination = new Destination(binding.exchange(), pattern);
        exactQueues.computeIfAbsent(destination, d -> new ArrayList<>()).add(queue);
      }
    }
  }

  private void join(Destination destination) {
    Set<Census.Queue> bound = new HashSet<>(exactQueues.getOrDefault(destination, List.of()));
    for (Census.Queue queue : patternQueues) {
      if (queue.receives(destination.exchange(), destination.routingKey())) {
        bound.add(queue);
      }
    }
    queuesByDestination.put(destination, List.copyOf(bound));
    bound.forEach(
        queue ->
            destinationsByQueue.computeIfAbsent(queue, q -> new ArrayList<>()).add(destination));
  }

  private List<BindingGroup> all() {
    List<BindingGroup> groups = new ArrayList<>();
    Set<Destination> visited = new HashSet<>();
    Set<Census.Queue> grouped = new HashSet<>();
    for (Destination destination : routesByDestination.keySet()) {
      if (visited.add(destination)) {
        groups.add(from(destination, visited, grouped));
      }
    }
    for (Census.Queue queue : statistics.queues()) {
      if (grouped.add(queue)) {
        groups.add(new BindingGroup(List.of(), List.of(queue), false));
      }
    }
    routesWithoutProtocol.forEach(
        route -> groups.add(new BindingGroup(List.of(route), List.of(), true)));
    return groups;
  }

  private BindingGroup from(
      Destination start, Set<Destination> visited, Set<Census.Queue> grouped) {
    List<ExpectedMessages.RouteCount> routes = new ArrayList<>();
    List<Census.Queue> queues = new ArrayList<>();
    boolean forwarded = false;
    Deque<Destination> next = new ArrayDeque<>(List.of(start));
    while (!next.isEmpty()) {
      Destination destination = next.remove();
      routes.addAll(routesByDestination.getOrDefault(destination, List.of()));
      forwarded |=
          statistics.exchangeBindings().stream()
              .anyMatch(
                  binding ->
                      binding.exchange().equals(destination.exchange())
                          && binding.matches(destination.routingKey()));
      for (Census.Queue queue : queuesByDestination.getOrDefault(destination, List.of())) {
        if (grouped.add(queue)) {
          queues.add(queue);
          destinationsByQueue.getOrDefault(queue, List.of()).stream()
              .filter(visited::add)
              .forEach(next::add);
        }
      }
    }
    return new BindingGroup(routes, queues, forwarded);
  }
}

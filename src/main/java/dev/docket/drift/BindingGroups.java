package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.task.ExpectedMessages;
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

/** Joins routes and queues by bindings: what hangs together is a {@link BindingGroup}. */
final class BindingGroups {

  /** Where a message is published: an exchange and a routing key. */
  private record Place(String exchange, String routingKey) {}

  private final Census.Figures figures;
  private final Map<Place, List<ExpectedMessages.OfRoute>> places = new LinkedHashMap<>();
  private final List<ExpectedMessages.OfRoute> unknown = new ArrayList<>();
  private final Map<Place, List<Census.Queue>> literal = new HashMap<>();
  private final List<Census.Queue> wildcard = new ArrayList<>();
  private final Map<Census.Queue, List<Place>> feeders = new HashMap<>();
  private final Map<Place, List<Census.Queue>> targets = new HashMap<>();

  private BindingGroups(
      Census.Figures figures, ExpectedMessages store, ProtocolExchanges exchanges) {
    this.figures = figures;
    for (ExpectedMessages.OfRoute route : store.routes()) {
      Optional<ProtocolExchanges.OfProtocol> protocol = exchanges.of(route.protocol());
      if (protocol.isEmpty()) {
        unknown.add(route);
      } else {
        Place place = new Place(protocol.orElseThrow().exchange(), route.route().toString());
        places.computeIfAbsent(place, p -> new ArrayList<>()).add(route);
      }
    }
    figures.queues().forEach(this::index);
    places.keySet().forEach(this::join);
  }

  /** All groups of what was counted; each route and each queue is in one. */
  static List<BindingGroup> of(
      Census.Figures figures, ExpectedMessages store, ProtocolExchanges exchanges) {
    return new BindingGroups(figures, store, exchanges).all();
  }

  /** Most bindings are exact: not each has to be tried with each route. */
  private void index(Census.Queue queue) {
    for (Census.Binding binding : queue.bindings()) {
      String pattern = binding.routingKey();
      if (pattern.contains("*") || pattern.contains("#")) {
        wildcard.add(queue);
      } else {
        Place place = new Place(binding.exchange(), pattern);
        literal.computeIfAbsent(place, p -> new ArrayList<>()).add(queue);
      }
    }
  }

  private void join(Place place) {
    Set<Census.Queue> taking = new HashSet<>(literal.getOrDefault(place, List.of()));
    for (Census.Queue queue : wildcard) {
      if (queue.takes(place.exchange(), place.routingKey())) {
        taking.add(queue);
      }
    }
    targets.put(place, List.copyOf(taking));
    taking.forEach(q -> feeders.computeIfAbsent(q, queue -> new ArrayList<>()).add(place));
  }

  private List<BindingGroup> all() {
    List<BindingGroup> bindingGroups = new ArrayList<>();
    Set<Place> done = new HashSet<>();
    Set<Census.Queue> reached = new HashSet<>();
    for (Place place : places.keySet()) {
      if (done.add(place)) {
        bindingGroups.add(from(place, done, reached));
      }
    }
    for (Census.Queue queue : figures.queues()) {
      if (reached.add(queue)) {
        bindingGroups.add(new BindingGroup(List.of(), List.of(queue), false));
      }
    }
    unknown.forEach(route -> bindingGroups.add(new BindingGroup(List.of(route), List.of(), true)));
    return bindingGroups;
  }

  private BindingGroup from(Place start, Set<Place> done, Set<Census.Queue> reached) {
    List<ExpectedMessages.OfRoute> routes = new ArrayList<>();
    List<Census.Queue> queues = new ArrayList<>();
    boolean detour = false;
    Deque<Place> next = new ArrayDeque<>(List.of(start));
    while (!next.isEmpty()) {
      Place place = next.remove();
      routes.addAll(places.getOrDefault(place, List.of()));
      detour |=
          figures.detours().stream()
              .anyMatch(
                  ackMode ->
                      ackMode.exchange().equals(place.exchange())
                          && ackMode.takes(place.routingKey()));
      for (Census.Queue queue : targets.getOrDefault(place, List.of())) {
        if (reached.add(queue)) {
          queues.add(queue);
          feeders.getOrDefault(queue, List.of()).stream().filter(done::add).forEach(next::add);
        }
      }
    }
    return new BindingGroup(routes, queues, detour);
  }
}

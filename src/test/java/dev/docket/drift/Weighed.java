package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.task.HandedOver;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Figures of store and broker for tests of what is made of them. */
final class Weighed {

  static final Exchanges EXCHANGES =
      new Exchanges(
          Map.of(
              "docket", new Exchanges.OfCourier("D", Policy.Way.CLAIMS),
              "dane", new Exchanges.OfCourier("N", Policy.Way.ACKNOWLEDGES_LATE),
              "early", new Exchanges.OfCourier("E", Policy.Way.ACKNOWLEDGES_EARLY)));

  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  final List<Census.Queue> queues = new ArrayList<>();
  final List<Census.Binding> detours = new ArrayList<>();
  final List<HandedOver.OfRoute> routes = new ArrayList<>();
  Long answers = 0L;
  Look.Patient patient;

  static Route route(String type, String key) {
    return new Route(TargetType.valueOf(type.toUpperCase(java.util.Locale.ROOT)), new TaskKey(key));
  }

  /** Bindings are written {@code D:Video.ASR}. */
  Weighed queue(String name, long ready, long unacknowledged, String... bindings) {
    List<Census.Binding> all = new ArrayList<>();
    for (String binding : bindings) {
      String[] parts = binding.split(":", 2);
      all.add(new Census.Binding(parts[0], parts[1]));
    }
    queues.add(new Census.Queue(name, ready, unacknowledged, 1, all));
    return this;
  }

  Weighed tasks(String courier, String type, String key, long settled, long possible) {
    routes.add(new HandedOver.OfRoute(courier, route(type, key), settled, possible));
    return this;
  }

  Weighed tasks(String courier, String type, String key, long settled) {
    return tasks(courier, type, key, settled, settled);
  }

  Weighed answers(Long waiting) {
    answers = waiting;
    return this;
  }

  List<Comparison> at(int seconds) {
    Instant at = START.plusSeconds(seconds);
    return new Look(
            at,
            new Census.Figures(queues, answers, detours),
            answers,
            at.minusSeconds(15),
            new HandedOver(routes, false),
            patient)
        .compare(EXCHANGES);
  }
}

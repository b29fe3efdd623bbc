package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.task.ExpectedMessages;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Figures of store and broker for tests of what is made of them. */
final class ComparisonSamples {

  static final ProtocolExchanges EXCHANGES =
      new ProtocolExchanges(
          Map.of(
              "docket", new ProtocolExchanges.OfProtocol("D", Policy.AckMode.CLAIMS),
              "dane", new ProtocolExchanges.OfProtocol("N", Policy.AckMode.ACKNOWLEDGES_LATE),
              "early", new ProtocolExchanges.OfProtocol("E", Policy.AckMode.ACKNOWLEDGES_EARLY)));

  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  final List<Census.Queue> queues = new ArrayList<>();
  final List<Census.Binding> detours = new ArrayList<>();
  final List<ExpectedMessages.OfRoute> routes = new ArrayList<>();
  Long answers = 0L;
  CensusSnapshot.Patient patient;

  static Route route(String type, String key) {
    return new Route(TargetType.valueOf(type.toUpperCase(java.util.Locale.ROOT)), new TaskKey(key));
  }

  /** Bindings are written {@code D:Video.ASR}. */
  ComparisonSamples queue(String name, long ready, long unacknowledged, String... bindings) {
    List<Census.Binding> all = new ArrayList<>();
    for (String binding : bindings) {
      String[] parts = binding.split(":", 2);
      all.add(new Census.Binding(parts[0], parts[1]));
    }
    queues.add(new Census.Queue(name, ready, unacknowledged, 1, all));
    return this;
  }

  ComparisonSamples tasks(String protocol, String type, String key, long settled, long possible) {
    routes.add(new ExpectedMessages.OfRoute(protocol, route(type, key), settled, possible));
    return this;
  }

  ComparisonSamples tasks(String protocol, String type, String key, long settled) {
    return tasks(protocol, type, key, settled, settled);
  }

  ComparisonSamples answers(Long waiting) {
    answers = waiting;
    return this;
  }

  List<Comparison> at(int seconds) {
    Instant at = START.plusSeconds(seconds);
    return new CensusSnapshot(
            at,
            new Census.Figures(queues, answers, detours),
            answers,
            at.minusSeconds(15),
            new ExpectedMessages(routes, false),
            patient)
        .compare(EXCHANGES);
  }
}

package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Builder of counts of store and broker, for tests of comparisons. */
final class ComparisonSamples {

  static final WorkerProtocols PROTOCOLS =
      WorkerProtocols.of(
          List.of(
              new SampleProtocol("docket", "D", Policy.AckMode.CLAIMS),
              new SampleProtocol("dane", "N", Policy.AckMode.ACKNOWLEDGES_LATE),
              new SampleProtocol("early", "E", Policy.AckMode.ACKNOWLEDGES_EARLY)));

  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  final List<Census.Queue> queues = new ArrayList<>();
  final List<Census.Binding> exchangeBindings = new ArrayList<>();
  final List<ExpectedMessages.RouteCount> routes = new ArrayList<>();
  Long pendingReplies = 0L;
  CensusSnapshot.OlderTasks olderTasks;

  static Route route(String type, String key) {
    return new Route(TargetType.valueOf(type.toUpperCase(java.util.Locale.ROOT)), new TaskKey(key));
  }

  /** Adds a queue; a binding has the form {@code exchange:routing key}, as {@code D:Video.ASR}. */
  ComparisonSamples queue(String name, long ready, long unacknowledged, String... bindings) {
    List<Census.Binding> all = new ArrayList<>();
    for (String binding : bindings) {
      String[] parts = binding.split(":", 2);
      all.add(new Census.Binding(parts[0], parts[1]));
    }
    queues.add(new Census.Queue(name, ready, unacknowledged, 1, all, true, List.of()));
    return this;
  }

  ComparisonSamples tasks(String protocol, String type, String key, long settled, long possible) {
    routes.add(new ExpectedMessages.RouteCount(protocol, route(type, key), settled, possible));
    return this;
  }

  ComparisonSamples tasks(String protocol, String type, String key, long settled) {
    return tasks(protocol, type, key, settled, settled);
  }

  ComparisonSamples pendingReplies(Long count) {
    pendingReplies = count;
    return this;
  }

  /** Compares, as of this number of seconds after {@link #START}. */
  List<Comparison> compareAt(int seconds) {
    return snapshot(seconds).compare(PROTOCOLS);
  }

  CensusSnapshot snapshot(int seconds) {
    Instant at = START.plusSeconds(seconds);
    return new CensusSnapshot(
        at,
        new Census.Statistics(queues, pendingReplies, exchangeBindings),
        pendingReplies,
        at.minusSeconds(15),
        new ExpectedMessages(routes, false),
        olderTasks);
  }
}

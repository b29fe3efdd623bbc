package dev.docket.workerapi;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import java.util.List;
import java.util.stream.Stream;

/**
 * A queue of workers as the broker counts it.
 *
 * @param takes the routing keys that it is bound to, patterns too
 * @param consumers who listens to it, whether he reports or not
 * @param reporting how many of the known workers say that they do its work; those that poll are no
 *     consumers of their own
 */
record WorkerQueue(
    String name,
    List<String> takes,
    long ready,
    long unacknowledged,
    int consumers,
    int reporting) {

  /** Of a queue with very many bindings only these are shown. */
  private static final int MAX_BINDINGS = 100;

  static WorkerQueue of(Census.Queue queue, List<KnownWorker> known) {
    return new WorkerQueue(
        queue.name(),
        queue.bindings().stream()
            .map(Census.Binding::routingKey)
            .distinct()
            .sorted()
            .limit(MAX_BINDINGS)
            .toList(),
        queue.ready(),
        queue.unacknowledged(),
        queue.consumers(),
        (int) known.stream().filter(worker -> serves(worker, queue)).count());
  }

  private static boolean serves(KnownWorker worker, Census.Queue queue) {
    List<String> keys = worker.keys();
    if (keys == null) {
      return false;
    }
    List<String> types = worker.types() == null ? List.of() : worker.types();
    return keys.stream()
        .anyMatch(
            key ->
                ofKey(key)
                    .filter(route -> types.isEmpty() || types.contains(route.split("\\.", 2)[0]))
                    .anyMatch(queue::takes));
  }

  /** The routing keys of a task key. */
  static Stream<String> ofKey(String key) {
    return Stream.of(TargetType.values()).map(type -> type.wire() + "." + key);
  }
}

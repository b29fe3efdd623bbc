package dev.docket.workers;

import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import java.util.List;
import java.util.stream.Stream;

/**
 * Statistics of a worker queue.
 *
 * @param takes the routing keys and patterns that it is bound to
 * @param consumers the number of its consumers, including those of workers that do not report
 * @param reporting the number of known workers that work on its tasks; workers that poll are not
 *     among the consumers
 */
record WorkerQueue(
    String name,
    List<String> takes,
    long ready,
    long unacknowledged,
    int consumers,
    int reporting) {

  /** Maximum number of bindings shown for a queue. */
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
                routingKeys(key)
                    .filter(
                        routingKey ->
                            types.isEmpty() || types.contains(routingKey.split("\\.", 2)[0]))
                    .anyMatch(queue::receives));
  }

  /** The routing keys of a task key, one for each target type. */
  static Stream<String> routingKeys(String key) {
    return Stream.of(TargetType.values()).map(type -> type.wire() + "." + key);
  }
}

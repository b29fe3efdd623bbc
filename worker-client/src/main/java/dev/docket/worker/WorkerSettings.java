package dev.docket.worker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a worker, as given to the builder.
 *
 * @param chosenName the name if the program has set it; null if it is random
 * @param broker null for a worker that polls
 * @param types never empty
 */
record WorkerSettings(
    String name,
    @Nullable String chosenName,
    URI server,
    @Nullable Secret token,
    @Nullable BrokerAddress broker,
    String queuePrefix,
    Map<String, TaskHandler> handlers,
    List<TargetType> types,
    int concurrency,
    @Nullable String version,
    Duration stopLimit,
    Path stateDirectory,
    Clock clock,
    WorkerTimeouts timeouts) {

  WorkerSettings {
    handlers = new TreeMap<>(handlers);
    types = List.copyOf(types);
  }

  List<String> keys() {
    return List.copyOf(handlers.keySet());
  }

  List<String> typeNames() {
    return types.stream().map(TargetType::wireName).toList();
  }
}

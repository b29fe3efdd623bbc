package dev.docket.worker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link DocketWorker}. {@link #server}, at least one key and a handler for each key are
 * required; {@link #build} reports the first missing one.
 */
public final class WorkerBuilder {

  private static final Pattern KEY = Pattern.compile("[A-Z0-9_-]{1,64}");
  private static final int MAX_CONCURRENCY = 1000;

  private @Nullable URI server;
  private @Nullable Secret token;
  private @Nullable BrokerAddress broker;
  private String queuePrefix = "";
  private @Nullable String name;
  private @Nullable String version;
  private @Nullable TaskHandler commonHandler;
  private final Set<String> keys = new TreeSet<>();
  private final Map<String, TaskHandler> handlers = new LinkedHashMap<>();
  private Set<TargetType> types = EnumSet.allOf(TargetType.class);
  private int concurrency = 1;
  private Path stateDirectory = WorkerProcess.defaultDirectory();
  private Duration stopLimit = Duration.ofSeconds(30);
  private Clock clock = Clock.systemUTC();
  private WorkerTimeouts timeouts = WorkerTimeouts.defaults();

  WorkerBuilder() {}

  /**
   * The address of the server or of its proxy, for example {@code http://localhost:5500}. A path in
   * it is prepended to Docket's paths.
   */
  public WorkerBuilder server(URI address) {
    String scheme = address.getScheme();
    if (address.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "server must be an http or https address like http://localhost:5500");
    }
    server = address;
    return this;
  }

  /**
   * The address of the broker, {@code amqp://user:password@host:5672/vhost}. Without it the worker
   * polls the server and needs only HTTP.
   */
  public WorkerBuilder broker(String uri) {
    broker = BrokerAddress.of(uri);
    return this;
  }

  /** The installation's prefix for the names of its exchange and queues; empty by default. */
  public WorkerBuilder queuePrefix(String prefix) {
    queuePrefix = prefix;
    return this;
  }

  /** The API key that the worker sends to the server. */
  public WorkerBuilder token(String apiKey) {
    String stripped = apiKey.strip();
    if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("token must be printable ASCII without spaces");
    }
    token = new Secret(stripped);
    return this;
  }

  /** The worker's name; by default it consists of host name, process id and a random part. */
  public WorkerBuilder name(String workerName) {
    name = WorkerName.validated(workerName);
    return this;
  }

  /**
   * The directory of a small file by which a restarted worker tells the server that its process
   * before has ended, so that its tasks run again at once; {@code $XDG_STATE_HOME/docket-worker} or
   * {@code ~/.local/state/docket-worker} by default. It must be on a local disk and survive a
   * restart. Processes may share it. If the worker cannot write to it, it logs a warning and works
   * without it.
   */
  public WorkerBuilder stateDirectory(Path directory) {
    stateDirectory = directory;
    return this;
  }

  /** The version of the worker's program. The server displays it and does not interpret it. */
  public WorkerBuilder version(String programVersion) {
    version = programVersion;
    return this;
  }

  /** Adds a task key to work on. */
  public WorkerBuilder key(String key) {
    keys.add(validatedKey(key));
    return this;
  }

  /** The target types to work on; all by default. */
  public WorkerBuilder types(TargetType... targetTypes) {
    types = EnumSet.noneOf(TargetType.class);
    types.addAll(Arrays.asList(targetTypes));
    return this;
  }

  /** The maximum number of tasks that run at the same time, 1 to 1,000; 1 by default. */
  public WorkerBuilder concurrency(int tasks) {
    if (tasks < 1 || tasks > MAX_CONCURRENCY) {
      throw new IllegalArgumentException(
          "concurrency must be between 1 and " + MAX_CONCURRENCY + " (was " + tasks + ")");
    }
    concurrency = tasks;
    return this;
  }

  /** The handler for all keys that have no separate handler. */
  public WorkerBuilder handler(TaskHandler handler) {
    commonHandler = handler;
    return this;
  }

  /**
   * The handler for all keys that have no separate handler. It receives the arguments as an object;
   * see {@link TaskHandler#typed}.
   */
  public <A> WorkerBuilder handler(Class<A> args, TypedTaskHandler<A> handler) {
    return handler(TaskHandler.typed(args, handler));
  }

  /** Adds a task key to work on, with a handler for this key only. */
  public WorkerBuilder handler(String key, TaskHandler handler) {
    key(key);
    handlers.put(validatedKey(key), handler);
    return this;
  }

  /**
   * Adds a task key to work on, with a handler for this key only. The handler receives the
   * arguments as an object; see {@link TaskHandler#typed}.
   */
  public <A> WorkerBuilder handler(String key, Class<A> args, TypedTaskHandler<A> handler) {
    return handler(key, TaskHandler.typed(args, handler));
  }

  /** How long {@link DocketWorker#stop} waits for running tasks; 30 seconds by default. */
  public WorkerBuilder stopLimit(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("stopLimit must not be negative (was " + limit + ")");
    }
    stopLimit = limit;
    return this;
  }

  /** The clock that {@link TaskContext#clock} returns; the system clock by default. */
  public WorkerBuilder clock(Clock handlerClock) {
    clock = handlerClock;
    return this;
  }

  WorkerBuilder timeouts(WorkerTimeouts newTimeouts) {
    timeouts = newTimeouts;
    return this;
  }

  /**
   * Builds the worker, without starting it.
   *
   * @throws IllegalStateException if a required setting is missing; the message names it
   */
  public DocketWorker build() {
    if (server == null) {
      throw new IllegalStateException(
          "server(..) is missing: set the address of the Docket server");
    }
    if (keys.isEmpty()) {
      throw new IllegalStateException("key(..) is missing: add at least one task key");
    }
    if (types.isEmpty()) {
      throw new IllegalStateException(
          "types(..) must name at least one target type; omit it for all types");
    }
    Map<String, TaskHandler> handlersByKey = new LinkedHashMap<>();
    for (String key : keys) {
      TaskHandler handler = handlers.getOrDefault(key, commonHandler);
      if (handler == null) {
        throw new IllegalStateException("handler(..) is missing for task key " + key);
      }
      handlersByKey.put(key, handler);
    }
    return new DocketWorker(
        new WorkerSettings(
            name == null ? WorkerName.generate() : name,
            name,
            server,
            token,
            broker,
            queuePrefix,
            handlersByKey,
            List.copyOf(types),
            concurrency,
            version,
            stopLimit,
            stateDirectory,
            clock,
            timeouts));
  }

  private static String validatedKey(String key) {
    String upper = key.toUpperCase(Locale.ROOT);
    if (!KEY.matcher(upper).matches()) {
      throw new IllegalArgumentException("key must match " + KEY + " (was " + key + ")");
    }
    return upper;
  }
}

package dev.docket.worker;

import java.net.URI;
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
 * Describes a {@link DocketWorker}. Needed are {@link #server}, a key, and a handler for each key;
 * {@link #build} names what is missing.
 */
public final class WorkerBuilder {

  private static final Pattern KEY = Pattern.compile("[A-Z0-9_-]{1,64}");
  private static final int MAX_CONCURRENCY = 1000;

  private @Nullable URI server;
  private @Nullable Secret token;
  private @Nullable BrokerAddress broker;
  private String queuePrefix = "";
  private String name = WorkerName.made();
  private @Nullable String version;
  private @Nullable TaskHandler commonHandler;
  private final Set<String> keys = new TreeSet<>();
  private final Map<String, TaskHandler> handlers = new LinkedHashMap<>();
  private Set<TargetType> types = EnumSet.allOf(TargetType.class);
  private int concurrency = 1;
  private Duration stopLimit = Duration.ofSeconds(30);
  private Clock clock = Clock.systemUTC();
  private WorkerTimeouts timing = WorkerTimeouts.standard();

  WorkerBuilder() {}

  /** Where Docket is, as {@code http://localhost:5500}; a path before Docket's own is kept. */
  public WorkerBuilder server(URI address) {
    String scheme = address.getScheme();
    if (address.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException("server: must be like http://localhost:5500");
    }
    server = address;
    return this;
  }

  /**
   * Where the broker is, as {@code amqp://user:password@host:5672/vhost}. Without it the worker
   * polls the server instead, and needs nothing but HTTP.
   */
  public WorkerBuilder broker(String uri) {
    broker = BrokerAddress.of(uri);
    return this;
  }

  /** What the installation puts before the names of its exchange and queues; nothing by default. */
  public WorkerBuilder queuePrefix(String prefix) {
    queuePrefix = prefix;
    return this;
  }

  /** The API key that the worker shows to the server. */
  public WorkerBuilder token(String apiKey) {
    String stripped = apiKey.strip();
    if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("token: must be printable ASCII without spaces");
    }
    token = new Secret(stripped);
    return this;
  }

  /** What the worker is called; by default host, process id and a random part. */
  public WorkerBuilder name(String workerName) {
    name = WorkerName.checked(workerName);
    return this;
  }

  /** The version of the worker's program, for people. */
  public WorkerBuilder version(String programVersion) {
    version = programVersion;
    return this;
  }

  /** One more task key to work on. */
  public WorkerBuilder key(String key) {
    keys.add(checkedKey(key));
    return this;
  }

  /** The target types to work on; all of them by default. */
  public WorkerBuilder types(TargetType... wanted) {
    types = EnumSet.noneOf(TargetType.class);
    types.addAll(Arrays.asList(wanted));
    return this;
  }

  /** How many tasks to work on at once; 1 by default. */
  public WorkerBuilder concurrency(int tasks) {
    if (tasks < 1 || tasks > MAX_CONCURRENCY) {
      throw new IllegalArgumentException("concurrency: must be 1 to " + MAX_CONCURRENCY);
    }
    concurrency = tasks;
    return this;
  }

  /** What to do with the tasks of every key that has no handler of its own. */
  public WorkerBuilder handler(TaskHandler handler) {
    commonHandler = handler;
    return this;
  }

  /** As {@link #handler(TaskHandler)}, with arguments read as {@link TaskHandler#typed} says. */
  public <A> WorkerBuilder handler(Class<A> args, TypedTaskHandler<A> handler) {
    return handler(TaskHandler.typed(args, handler));
  }

  /** One more key to work on, with a handler of its own. */
  public WorkerBuilder handler(String key, TaskHandler handler) {
    key(key);
    handlers.put(checkedKey(key), handler);
    return this;
  }

  /** One more key to work on, with a handler of its own and arguments of a class. */
  public <A> WorkerBuilder handler(String key, Class<A> args, TypedTaskHandler<A> handler) {
    return handler(key, TaskHandler.typed(args, handler));
  }

  /** How long {@link DocketWorker#stop} waits for what runs; 30 seconds by default. */
  public WorkerBuilder stopLimit(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("stopLimit: must not be negative");
    }
    stopLimit = limit;
    return this;
  }

  /** What {@link TaskContext#clock} gives to handlers; the system's by default. */
  public WorkerBuilder clock(Clock handlersClock) {
    clock = handlersClock;
    return this;
  }

  WorkerBuilder timing(WorkerTimeouts times) {
    timing = times;
    return this;
  }

  /**
   * The worker, not started yet.
   *
   * @throws IllegalStateException if something is missing; it says what
   */
  public DocketWorker build() {
    if (server == null) {
      throw new IllegalStateException("server(..) is missing: where is Docket?");
    }
    if (keys.isEmpty()) {
      throw new IllegalStateException("key(..) is missing: which tasks are to be done?");
    }
    if (types.isEmpty()) {
      throw new IllegalStateException("types(..) names none: leave it out for all");
    }
    Map<String, TaskHandler> complete = new LinkedHashMap<>();
    for (String key : keys) {
      TaskHandler handler = handlers.getOrDefault(key, commonHandler);
      if (handler == null) {
        throw new IllegalStateException("handler(..) is missing for " + key);
      }
      complete.put(key, handler);
    }
    return new DocketWorker(
        new WorkerSettings(
            name,
            server,
            token,
            broker,
            queuePrefix,
            complete,
            List.copyOf(types),
            concurrency,
            version,
            stopLimit,
            clock,
            timing));
  }

  private static String checkedKey(String key) {
    String upper = key.toUpperCase(Locale.ROOT);
    if (!KEY.matcher(upper).matches()) {
      throw new IllegalArgumentException("key: must match " + KEY + ", was " + key);
    }
    return upper;
  }
}

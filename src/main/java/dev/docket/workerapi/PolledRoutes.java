package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.auth.Caller;
import dev.docket.http.Problem;
import dev.docket.task.KnownKeys;
import dev.docket.task.Route;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits the number of queues that the polls of one caller declare. Queues of registered keys do
 * not count: the operator has chosen those keys. Thread-safe.
 */
final class PolledRoutes {

  private static final int MAX_CALLERS = 10_000;

  private final KnownKeys keys;
  private final int max;

  /** The routes of each caller. */
  private final Cache<String, Set<Route>> routes =
      Caffeine.newBuilder().maximumSize(MAX_CALLERS).build();

  /**
   * @param max the maximum number of routes of one caller since the start of this server
   */
  PolledRoutes(KnownKeys keys, int max) {
    this.keys = keys;
    this.max = max;
  }

  /**
   * Adds what a poll waits for.
   *
   * @throws Problem if the caller has its maximum
   */
  void add(Caller caller, Collection<Route> polled) {
    Set<Route> before = routes.get(caller.name(), name -> ConcurrentHashMap.newKeySet());
    for (Route route : polled) {
      if (!before.contains(route) && !keys.isRegistered(route.key())) {
        add(caller, before, route);
      }
    }
  }

  private void add(Caller caller, Set<Route> before, Route route) {
    synchronized (before) {
      if (before.size() >= max && !before.contains(route)) {
        throw new Problem(
            Problem.Kind.UNPROCESSABLE,
            ("the poll needs the queue of %s, and %s has polled %d queues since this server"
                    + " started, which is the maximum (callers.maxPolledQueues); poll for fewer"
                    + " keys and types, or add the key to keys in the server's configuration")
                .formatted(route, caller.name(), max));
      }
      before.add(route);
    }
  }
}

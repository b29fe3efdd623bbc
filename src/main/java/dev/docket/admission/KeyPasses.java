package dev.docket.admission;

import dev.docket.store.StoreUnavailable;
import dev.docket.task.TaskKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work for keys, for each key by one thread at a time. Requests that come while the work for
 * their key runs cause one further run. Thread-safe.
 */
final class KeyPasses {

  private static final Logger LOG = LoggerFactory.getLogger(KeyPasses.class);

  private final Executor executor;
  private final Consumer<TaskKey> work;

  /** The keys whose work runs or will run; true if it has to run once more. */
  private final ConcurrentHashMap<TaskKey, Boolean> active = new ConcurrentHashMap<>();

  KeyPasses(Executor executor, Consumer<TaskKey> work) {
    this.executor = executor;
    this.work = work;
  }

  void request(TaskKey key) {
    if (active.merge(key, false, (running, request) -> true)) {
      return;
    }
    execute(key);
  }

  private void execute(TaskKey key) {
    try {
      executor.execute(() -> run(key));
    } catch (RejectedExecutionException e) {
      // Too much work, or the server stops. The next sweep requests the key again.
      active.remove(key);
    }
  }

  private void run(TaskKey key) {
    active.put(key, false);
    try {
      work.accept(key);
    } catch (StoreUnavailable e) {
      LOG.debug("Waiting tasks of {} cannot be admitted; a sweep retries", key, e);
    } catch (RuntimeException e) {
      LOG.error("Waiting tasks of {} cannot be admitted; a sweep retries", key, e);
    } finally {
      if (!active.remove(key, false)) {
        execute(key);
      }
    }
  }
}

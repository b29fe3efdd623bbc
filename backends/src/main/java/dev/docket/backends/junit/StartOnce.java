package dev.docket.backends.junit;

import dev.docket.backends.BackendStartException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts a backend once. A failed start is not retried: every caller gets its exception. */
final class StartOnce<T> {

  private final Supplier<T> start;
  private final Consumer<T> stop;
  private @Nullable T started;
  private @Nullable BackendStartException failure;

  StartOnce(Supplier<T> start, Consumer<T> stop) {
    this.start = start;
    this.stop = stop;
  }

  synchronized T get() {
    if (failure != null) {
      throw failure;
    }
    if (started == null) {
      try {
        started = start.get();
      } catch (BackendStartException e) {
        failure = e;
        throw e;
      }
    }
    return started;
  }

  synchronized Optional<T> ifStarted() {
    return Optional.ofNullable(started);
  }

  synchronized boolean hasFailed() {
    return failure != null;
  }

  synchronized void stop() {
    if (started != null) {
      stop.accept(started);
    }
  }
}

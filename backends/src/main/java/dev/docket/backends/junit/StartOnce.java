package dev.docket.backends.junit;

import dev.docket.backends.BackendStartException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts something once; a failed start is not tried again, and every caller gets its error. */
final class StartOnce<T> {

  private final Supplier<T> start;
  private final Consumer<T> end;
  private @Nullable T started;
  private @Nullable BackendStartException failure;

  StartOnce(Supplier<T> start, Consumer<T> end) {
    this.start = start;
    this.end = end;
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

  synchronized void end() {
    if (started != null) {
      end.accept(started);
    }
  }
}

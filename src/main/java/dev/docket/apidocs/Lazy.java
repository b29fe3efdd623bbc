package dev.docket.apidocs;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is computed on first use, so it does not delay the startup. Thread-safe. */
final class Lazy<T> implements Supplier<T> {

  private final Supplier<T> supplier;
  private @Nullable T value;

  Lazy(Supplier<T> supplier) {
    this.supplier = supplier;
  }

  @Override
  public synchronized T get() {
    T current = value;
    if (current == null) {
      current = supplier.get();
      value = current;
    }
    return current;
  }
}

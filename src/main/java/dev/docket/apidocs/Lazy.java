package dev.docket.apidocs;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Made when it is first asked for: a server is ready without it. Safe for threads. */
final class Lazy<T> implements Supplier<T> {

  private final Supplier<T> making;
  private @Nullable T made;

  Lazy(Supplier<T> making) {
    this.making = making;
  }

  @Override
  public synchronized T get() {
    T there = made;
    if (there == null) {
      there = making.get();
      made = there;
    }
    return there;
  }
}

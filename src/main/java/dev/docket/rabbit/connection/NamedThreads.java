package dev.docket.rabbit.connection;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates daemon threads named {@code docket-rabbit-<role>-<n>}, for readable thread dumps. */
public final class NamedThreads implements ThreadFactory {

  private final String role;
  private final AtomicInteger count = new AtomicInteger();

  public NamedThreads(String role) {
    this.role = role;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "docket-rabbit-" + role + "-" + count.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}

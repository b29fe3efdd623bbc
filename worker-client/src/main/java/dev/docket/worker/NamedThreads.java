package dev.docket.worker;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates threads with descriptive names, for thread dumps. */
final class NamedThreads implements ThreadFactory {

  private final String name;
  private final boolean daemon;
  private final AtomicInteger count = new AtomicInteger();

  public NamedThreads(String name, boolean daemon) {
    this.name = name;
    this.daemon = daemon;
  }

  /** A factory of threads that do not keep the process alive. */
  static NamedThreads daemon(String worker, String role) {
    return new NamedThreads("docket-worker-" + worker + "-" + role, true);
  }

  /** A factory of threads that keep the process alive. */
  static NamedThreads nonDaemon(String worker, String role) {
    return new NamedThreads("docket-worker-" + worker + "-" + role, false);
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
    thread.setDaemon(daemon);
    return thread;
  }
}

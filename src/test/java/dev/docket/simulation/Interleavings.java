package dev.docket.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs concurrent actors in every possible interleaving of their calls to ports, up to a number of
 * preemptions. Only one actor runs at any time, so each schedule is reproducible.
 */
final class Interleavings {

  /** Concurrent actors and their invariants. A new instance is created for each schedule. */
  interface Scenario {
    /** One action per actor. Each runs on its own thread and calls the ports through its proxy. */
    List<Runnable> actors(List<ActorThread> proxies);

    /** Checks the invariants after each schedule. */
    void check();
  }

  /** With more schedules the scenario is too large, and the test fails. */
  private static final int MAX_SCHEDULES = 20_000;

  private final List<Integer> choices = new ArrayList<>();
  private final List<Integer> options = new ArrayList<>();
  private final int maxPreemptions;

  /**
   * Creates the first schedule.
   *
   * @param maxPreemptions the maximum number of preemptions; most concurrency errors need only a
   *     few
   */
  private Interleavings(int maxPreemptions) {
    this.maxPreemptions = maxPreemptions;
  }

  /**
   * Runs the scenario in every interleaving.
   *
   * @return the number of schedules
   */
  static int runAll(int actors, int maxPreemptions, Supplier<Scenario> scenarios) throws Exception {
    Interleavings schedules = new Interleavings(maxPreemptions);
    int count = 0;
    do {
      schedules.runSchedule(actors, scenarios.get());
      count++;
      if (count > MAX_SCHEDULES) {
        throw new AssertionError("more than " + MAX_SCHEDULES + " schedules");
      }
    } while (schedules.next());
    return count;
  }

  private void runSchedule(int actors, Scenario scenario) throws Exception {
    List<ActorThread> threads = new ArrayList<>();
    for (int i = 0; i < actors; i++) {
      threads.add(new ActorThread());
    }
    List<Runnable> actions = scenario.actors(threads);
    for (int i = 0; i < actors; i++) {
      threads.get(i).start(actions.get(i));
    }
    StringBuilder order = new StringBuilder();
    try {
      run(threads, order);
      for (ActorThread thread : threads) {
        if (thread.failure != null) {
          throw thread.failure;
        }
      }
      scenario.check();
    } catch (RuntimeException | Error failure) {
      throw new AssertionError("schedule: " + order, failure);
    }
  }

  private void run(List<ActorThread> threads, StringBuilder order) throws InterruptedException {
    int step = 0;
    int preemptions = 0;
    int last = -1;
    while (true) {
      List<Integer> runnable = new ArrayList<>();
      boolean lastIsRunnable = false;
      for (int i = 0; i < threads.size(); i++) {
        if (!threads.get(i).finished) {
          runnable.add(i);
          lastIsRunnable |= i == last;
        }
      }
      if (runnable.isEmpty()) {
        return;
      }
      // The actor that ran last comes first: choosing another one is a preemption.
      if (lastIsRunnable) {
        runnable.remove(Integer.valueOf(last));
        runnable.add(0, last);
      }
      int optionCount = lastIsRunnable && preemptions >= maxPreemptions ? 1 : runnable.size();
      int chosen = runnable.get(choose(step++, optionCount));
      preemptions += lastIsRunnable && chosen != last ? 1 : 0;
      last = chosen;
      order.append(' ').append(chosen).append(':').append(threads.get(chosen).call);
      threads.get(chosen).step();
    }
  }

  private int choose(int step, int optionCount) {
    if (step == choices.size()) {
      choices.add(0);
      options.add(optionCount);
    }
    options.set(step, optionCount);
    return choices.get(step);
  }

  /** Advances to the next schedule; false if there is none. */
  private boolean next() {
    for (int i = choices.size() - 1; i >= 0; i--) {
      if (choices.get(i) + 1 < options.get(i)) {
        choices.set(i, choices.get(i) + 1);
        return true;
      }
      choices.remove(i);
      options.remove(i);
    }
    return false;
  }

  /** The thread of one actor. It waits for its turn before each call to a port. */
  static final class ActorThread implements CrashingProxy {
    private final Semaphore resume = new Semaphore(0);
    private final Semaphore paused = new Semaphore(0);
    private String call = "begin";
    private boolean finished;
    private boolean unscheduled = true;
    private Error failure;

    private void start(Runnable action) {
      unscheduled = false;
      Thread thread =
          new Thread(
              () -> {
                resume.acquireUninterruptibly();
                try {
                  action.run();
                } catch (RuntimeException | Error e) {
                  failure = new AssertionError("an actor failed", e);
                } finally {
                  finished = true;
                  paused.release();
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private void step() throws InterruptedException {
      resume.release();
      if (!paused.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new AssertionError("an actor did not reach its next call within 30 s");
      }
    }

    @Override
    public Object intercept(String name, boolean isAsynchronous, Callable<Object> work)
        throws Exception {
      if (!unscheduled) {
        call = name;
        paused.release();
        resume.acquireUninterruptibly();
      }
      return work.call();
    }
  }
}

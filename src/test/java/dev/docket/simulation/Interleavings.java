package dev.docket.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets actors take turns at each of their calls to the outside, in every order that there is. Only
 * one moves at any time, so each schedule is exactly repeatable.
 */
final class Interleavings {

  /** Some who act at once; made anew for each schedule. */
  interface Scene {
    /** What each does, on a thread of its own; it must reach the outside through the seam. */
    List<Runnable> actors(List<Turns> seams);

    /** What must hold after each schedule. */
    void check();
  }

  /** More than these are not tried: then the scene is too large. */
  private static final int MAX_SCHEDULES = 20_000;

  private final List<Integer> choices = new ArrayList<>();
  private final List<Integer> options = new ArrayList<>();
  private final int mostSwitches;

  /**
   * Wires it.
   *
   * @param mostSwitches how often an actor is interrupted at most; what breaks mostly breaks by few
   */
  private Interleavings(int mostSwitches) {
    this.mostSwitches = mostSwitches;
  }

  /** Plays the scene in every order; says how many there were. */
  static int all(int actors, int mostSwitches, Supplier<Scene> scenes) throws Exception {
    Interleavings schedules = new Interleavings(mostSwitches);
    int count = 0;
    do {
      schedules.play(actors, scenes.get());
      count++;
      if (count > MAX_SCHEDULES) {
        throw new AssertionError("more than " + MAX_SCHEDULES + " schedules");
      }
    } while (schedules.next());
    return count;
  }

  private void play(int actors, Scene scenario) throws Exception {
    List<Turns> turns = new ArrayList<>();
    for (int i = 0; i < actors; i++) {
      turns.add(new Turns());
    }
    List<Runnable> acts = scenario.actors(turns);
    for (int i = 0; i < actors; i++) {
      turns.get(i).begin(acts.get(i));
    }
    StringBuilder order = new StringBuilder();
    try {
      run(turns, order);
      for (Turns turn : turns) {
        if (turn.failure != null) {
          throw turn.failure;
        }
      }
      scenario.check();
    } catch (RuntimeException | Error failure) {
      throw new AssertionError("in this order: " + order, failure);
    }
  }

  private void run(List<Turns> turns, StringBuilder order) throws InterruptedException {
    int step = 0;
    int switches = 0;
    int last = -1;
    while (true) {
      List<Integer> able = new ArrayList<>();
      boolean lastIsAble = false;
      for (int i = 0; i < turns.size(); i++) {
        if (!turns.get(i).over) {
          able.add(i);
          lastIsAble |= i == last;
        }
      }
      if (able.isEmpty()) {
        return;
      }
      // The one that has just moved comes first: leaving it is what costs a switch.
      if (lastIsAble) {
        able.remove(Integer.valueOf(last));
        able.add(0, last);
      }
      int many = lastIsAble && switches >= mostSwitches ? 1 : able.size();
      int chosen = able.get(choose(step++, many));
      switches += lastIsAble && chosen != last ? 1 : 0;
      last = chosen;
      order.append(' ').append(chosen).append(':').append(turns.get(chosen).call);
      turns.get(chosen).move();
    }
  }

  private int choose(int step, int many) {
    if (step == choices.size()) {
      choices.add(0);
      options.add(many);
    }
    options.set(step, many);
    return choices.get(step);
  }

  /** The next order, if there is one. */
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

  /** One actor's side: it waits before each of its calls until it is its turn. */
  static final class Turns implements CrashingProxy {
    private final Semaphore go = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private String call = "begin";
    private boolean over;
    private boolean free = true;
    private Error failure;

    private void begin(Runnable act) {
      free = false;
      Thread thread =
          new Thread(
              () -> {
                go.acquireUninterruptibly();
                try {
                  act.run();
                } catch (RuntimeException | Error thrown) {
                  failure = new AssertionError("an actor failed", thrown);
                } finally {
                  over = true;
                  stopped.release();
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    private void move() throws InterruptedException {
      go.release();
      if (!stopped.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new AssertionError("an actor waits for something else than its turn");
      }
    }

    @Override
    public Object through(String name, boolean isAsynchronous, Callable<Object> work)
        throws Exception {
      if (!free) {
        call = name;
        stopped.release();
        go.acquireUninterruptibly();
      }
      return work.call();
    }
  }
}

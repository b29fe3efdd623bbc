package dev.docket.admission;

import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.Admission;
import dev.docket.task.KeyLimits;
import dev.docket.task.Policies;
import dev.docket.task.Rate;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Admits the waiting runs of a limited key: takes a free slot by compare-and-set, then hands the
 * run out. Every server does this, so two of them may try the same slot or task; the versions of
 * both records decide. If a server crashes in between, {@link SlotSweep} frees the slot. Only the
 * leader admits runs of keys with a rate. Thread-safe.
 */
public final class Admissions {

  private static final int PAGE_SIZE = 500;

  /** Collects the requests of tasks that are submitted one after the other. */
  private static final Duration COLLECT_DELAY = Duration.ofMillis(10);

  /** How often runs that occupy no slot are counted. */
  private static final Duration RETRY_DELAY = Duration.ofMillis(200);

  /** The sweep comes sooner than a longer delay ends. */
  private static final Duration MAX_DELAY = Duration.ofSeconds(2);

  private final LimitedTasks search;
  private final SlotStore slots;
  private final TaskService tasks;
  private final Policies policies;
  private final RateTokens tokens;
  private final BooleanSupplier isLeader;
  private final Supplier<String> ids;
  private final ScheduledExecutorService timer;
  private final Set<TaskKey> collected = ConcurrentHashMap.newKeySet();
  private final Set<TaskKey> delayed = ConcurrentHashMap.newKeySet();

  private final Candidates candidates;
  private final FormerRuns formerRuns;
  private final SlotWrites slotWrites;
  private final KeyPasses passes;

  /**
   * Creates the admissions.
   *
   * @param store reads the waiting tasks as they are
   * @param isLeader whether this server is the leader now
   * @param ids returns random ids
   * @param executor runs work that blocks; owned by the caller, as the timer
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public Admissions(
      LimitedTasks search,
      SlotStore slots,
      TaskStore store,
      TaskService tasks,
      Policies policies,
      BooleanSupplier isLeader,
      Supplier<String> ids,
      Executor executor,
      ScheduledExecutorService timer,
      Clock clock,
      LongSupplier nanos) {
    this.search = search;
    this.slots = slots;
    this.tasks = tasks;
    this.policies = policies;
    this.tokens = new RateTokens(search, clock);
    this.isLeader = isLeader;
    this.ids = ids;
    this.timer = timer;
    this.candidates = new Candidates(store);
    this.formerRuns = new FormerRuns(search, nanos);
    this.slotWrites = new SlotWrites(slots);
    this.passes = new KeyPasses(executor, this::admit);
  }

  /** Admits waiting runs of the key soon, as many as its limits permit. Never blocks. */
  public void request(TaskKey key) {
    if (mayAdmit(policies.limits(key))) {
      passes.request(key);
    }
  }

  private boolean mayAdmit(KeyLimits limits) {
    return limits.hold() == null && (limits.rate() == null || isLeader.getAsBoolean());
  }

  /** Requests the admission of a run that this server has just written. Never blocks. */
  public void requestSoon(TaskKey key) {
    requestIn(COLLECT_DELAY, key, collected);
  }

  /** Says that the limits of a key have changed. Never blocks. */
  public void limitsChanged(TaskKey key) {
    formerRuns.limitsChanged(key);
    request(key);
  }

  /** Requests a key later, once for each set of pending keys. */
  private void requestIn(Duration delay, TaskKey key, Set<TaskKey> pending) {
    if (delay.compareTo(MAX_DELAY) > 0 || !pending.add(key)) {
      return;
    }
    try {
      var unused =
          timer.schedule(
              () -> {
                pending.remove(key);
                request(key);
              },
              delay.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The server stops.
      pending.remove(key);
    }
  }

  /** Forgets how many runs were handed out, because another server leads. */
  void loseLeadership() {
    tokens.clear();
  }

  private void admit(TaskKey key) {
    KeyLimits limits = policies.limits(key);
    Rate rate = limits.rate();
    if (!mayAdmit(limits)) {
      return;
    }
    Integer concurrency = limits.concurrency();
    List<FreeSlot> free = concurrency == null ? List.of() : free(key, concurrency);
    int places = concurrency == null ? PAGE_SIZE : free.size();
    int taken = rate == null ? places : tokens.take(key, rate, Math.min(places, PAGE_SIZE));
    if (taken == 0) {
      if (rate != null && places > 0) {
        requestIn(tokens.untilNext(key, rate).plusMillis(1), key, delayed);
      }
      return;
    }
    int spare = concurrency == null || rate != null ? 0 : Candidates.MAX_FOR_KEY;
    List<Versioned<Task>> waiting = search.waiting(key, taken + spare);
    List<Versioned<Task>> first = waiting.subList(0, Math.min(taken, waiting.size()));
    candidates.put(key, waiting.subList(first.size(), waiting.size()));
    long admitted = Stages.countTrue(admitAll(first, concurrency == null ? null : free));
    if (rate != null) {
      tokens.giveBack(key, rate, taken - (int) admitted);
    }
    if (first.size() == taken) {
      // There may be more, and a stale search may have returned tasks that were admitted already.
      request(key);
    }
  }

  /** A slot that no run occupies, with its version; null if it was never used. */
  private record FreeSlot(Slot slot, @Nullable Versioned<Slot> seen) {}

  private List<FreeSlot> free(TaskKey key, int concurrency) {
    Map<Integer, Versioned<Slot>> known = Stages.join(slots.read(key, concurrency));
    List<FreeSlot> free = new ArrayList<>();
    IntStream.rangeClosed(1, concurrency)
        .forEach(
            number -> {
              Versioned<Slot> seen = known.get(number);
              if (seen == null || seen.value().isFree()) {
                free.add(new FreeSlot(Slot.free(key, number), seen));
              }
            });
    if (free.isEmpty()) {
      return free;
    }
    int former = formerRuns.count(key, concurrency);
    if (former > 0) {
      requestIn(RETRY_DELAY, key, delayed);
    }
    return free.subList(0, Math.max(0, free.size() - former));
  }

  private List<CompletionStage<Boolean>> admitAll(
      List<Versioned<Task>> waiting, @Nullable List<FreeSlot> free) {
    return IntStream.range(0, waiting.size())
        .mapToObj(
            i ->
                free == null
                    ? admit(waiting.get(i), new Admission(ids.get(), null))
                    : take(free.get(i), waiting.get(i)))
        .toList();
  }

  /**
   * Completes with whether the task has this admission now. A write that succeeded may look like a
   * conflict, because the client has repeated it; the record decides.
   */
  private CompletionStage<Boolean> admit(Versioned<Task> task, Admission admission) {
    return Stages.ignore(TaskNotFound.class, tasks.execute(task, new Command.Admit(admission)))
        .thenApply(
            decision -> decision != null && admission.equals(decision.task().run().admission()));
  }

  private CompletionStage<Boolean> take(FreeSlot free, Versioned<Task> task) {
    Slot taken = free.slot().with(task.value().id(), ids.get());
    return slotWrites
        .write(taken, free.seen() == null ? null : free.seen().version())
        .thenCompose(
            written ->
                written.isPresent()
                    ? admit(task, admission(taken))
                        .thenCompose(
                            admitted ->
                                admitted
                                    ? CompletableFuture.completedStage(true)
                                    : handOver(new Versioned<>(taken, written.orElseThrow()))
                                        .thenApply(done -> false))
                    : CompletableFuture.completedStage(false));
  }

  private static Admission admission(Slot slot) {
    return new Admission(String.valueOf(slot.admission()), slot.number());
  }

  /**
   * Gives a slot, whose run is no longer handed out, to the next waiting run, or frees it. Does
   * nothing if the slot has changed meanwhile.
   */
  CompletionStage<Void> handOver(Versioned<Slot> released) {
    Slot slot = released.value();
    Versioned<Task> next = mayHandOver(slot) ? candidates.next(slot.key()) : null;
    if (next == null) {
      return slotWrites
          .write(Slot.free(slot.key(), slot.number()), released.version())
          .thenAccept(written -> request(slot.key()));
    }
    Slot taken = slot.with(next.value().id(), ids.get());
    return slotWrites
        .write(taken, released.version())
        .thenCompose(
            written ->
                written.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : admit(next, admission(taken))
                        .thenCompose(
                            admitted ->
                                admitted
                                    ? CompletableFuture.<Void>completedStage(null)
                                    : candidates
                                        .dropStale(slot.key())
                                        .thenCompose(
                                            dropped ->
                                                handOver(
                                                    new Versioned<>(
                                                        taken, written.orElseThrow())))));
  }

  private boolean mayHandOver(Slot slot) {
    KeyLimits limits = policies.limits(slot.key());
    return limits.rate() == null
        && formerRuns.haveEnded(slot.key())
        && limits.permit(admission(slot));
  }
}

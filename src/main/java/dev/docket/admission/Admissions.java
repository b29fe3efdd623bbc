package dev.docket.admission;

import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Admission;
import dev.docket.task.KeyLimits;
import dev.docket.task.Policies;
import dev.docket.task.Rate;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskService;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
  private final Set<TaskKey> delayed = ConcurrentHashMap.newKeySet();
  private final Candidates candidates = new Candidates();
  private final KeyPasses passes;

  /**
   * Creates the admissions.
   *
   * @param isLeader whether this server is the leader now
   * @param ids returns random ids
   * @param executor runs work that blocks; owned by the caller, as the timer
   */
  public Admissions(
      LimitedTasks search,
      SlotStore slots,
      TaskService tasks,
      Policies policies,
      BooleanSupplier isLeader,
      Supplier<String> ids,
      Executor executor,
      ScheduledExecutorService timer,
      Clock clock) {
    this.search = search;
    this.slots = slots;
    this.tasks = tasks;
    this.policies = policies;
    this.tokens = new RateTokens(search, clock);
    this.isLeader = isLeader;
    this.ids = ids;
    this.timer = timer;
    this.passes = new KeyPasses(executor, this::admit);
  }

  /** Admits waiting runs of the key soon, as many as its limits permit. Never blocks. */
  public void request(TaskKey key) {
    passes.request(key);
  }

  /** Requests the admission of a run that this server has just written. Never blocks. */
  public void requestSoon(TaskKey key) {
    requestIn(COLLECT_DELAY, key);
  }

  private void requestIn(Duration delay, TaskKey key) {
    if (delay.compareTo(MAX_DELAY) > 0 || timer.isShutdown() || !delayed.add(key)) {
      return;
    }
    var unused =
        timer.schedule(
            () -> {
              delayed.remove(key);
              request(key);
            },
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Forgets how many runs were handed out, because another server leads. */
  void loseLeadership() {
    tokens.clear();
  }

  private void admit(TaskKey key) {
    KeyLimits limits = policies.limits(key);
    Rate rate = limits.rate();
    if (limits.hold() != null || (rate != null && !isLeader.getAsBoolean())) {
      return;
    }
    Integer concurrency = limits.concurrency();
    List<FreeSlot> free = concurrency == null ? List.of() : free(key, concurrency);
    int places = concurrency == null ? PAGE_SIZE : free.size();
    int taken = rate == null ? places : tokens.take(key, rate, Math.min(places, PAGE_SIZE));
    if (taken == 0) {
      if (rate != null && places > 0) {
        requestIn(tokens.untilNext(key, rate).plusMillis(1), key);
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
    // Runs in progress since before the key was limited count, too.
    int others = (int) search.runningWithoutSlot(key, concurrency);
    if (others > 0) {
      requestIn(RETRY_DELAY, key);
    }
    return free.subList(0, Math.max(0, free.size() - others));
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

  private CompletionStage<Boolean> admit(Versioned<Task> task, Admission admission) {
    return tasks.changes(task, new Command.Admit(admission));
  }

  private CompletionStage<Boolean> take(FreeSlot free, Versioned<Task> task) {
    Slot taken = free.slot().with(task.value().id(), ids.get());
    return slots
        .write(taken, free.seen() == null ? null : free.seen().version())
        .thenCompose(
            outcome ->
                outcome instanceof WriteOutcome.Stored stored
                    ? admit(task, admission(taken))
                        .thenCompose(
                            admitted ->
                                admitted
                                    ? CompletableFuture.completedStage(true)
                                    : handOver(new Versioned<>(taken, stored.version()))
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
    KeyLimits limits = policies.limits(slot.key());
    Versioned<Task> next =
        limits.rate() == null && limits.permit(admission(slot))
            ? candidates.next(slot.key())
            : null;
    if (next == null) {
      return slots
          .write(Slot.free(slot.key(), slot.number()), released.version())
          .thenAccept(outcome -> request(slot.key()));
    }
    Slot taken = slot.with(next.value().id(), ids.get());
    return slots
        .write(taken, released.version())
        .thenCompose(
            outcome -> {
              if (!(outcome instanceof WriteOutcome.Stored stored)) {
                return CompletableFuture.completedStage(null);
              }
              return admit(next, admission(taken))
                  .thenCompose(
                      admitted ->
                          admitted
                              ? CompletableFuture.<Void>completedStage(null)
                              : handOver(new Versioned<>(taken, stored.version())));
            });
  }
}

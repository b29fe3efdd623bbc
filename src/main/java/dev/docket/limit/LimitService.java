package dev.docket.limit;

import dev.docket.admission.Slot;
import dev.docket.admission.SlotStore;
import dev.docket.audit.ActionResult;
import dev.docket.audit.Actor;
import dev.docket.audit.AuditLog;
import dev.docket.audit.Intention;
import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.task.KeyLimits;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sets the limits of keys. A change is effective on this server when the stage completes, and on
 * the others within a few seconds.
 */
public final class LimitService {

  private static final int MAX_CONFLICTS = 20;

  /** The maximum number of keys in {@link #limited}. */
  static final int MAX_LISTED = 1_000;

  private final LimitStore store;
  private final CurrentLimits current;
  private final SlotStore slots;
  private final AuditLog audit;
  private final Supplier<Map<TaskKey, Long>> waiting;
  private final Clock clock;

  /**
   * Creates the service.
   *
   * @param waiting the number of tasks that wait because of limits, by key
   */
  public LimitService(
      LimitStore store,
      CurrentLimits current,
      SlotStore slots,
      AuditLog audit,
      Supplier<Map<TaskKey, Long>> waiting,
      Clock clock) {
    this.store = store;
    this.current = current;
    this.slots = slots;
    this.audit = audit;
    this.waiting = waiting;
    this.clock = clock;
  }

  /**
   * A request to change limits.
   *
   * @param by an administrator; if it is limited to task keys, the key must be one of them
   */
  record Request(Caller by, RequestOrigin origin, TaskKey key) {}

  /** Replaces the limits of a key. A request that does not say whether it is paused keeps that. */
  CompletionStage<LimitView> set(Request request, NewLimits limits) {
    return change(
        request,
        "limit.set",
        before ->
            new KeyLimits(
                limits.paused() == null
                    ? before.hold()
                    : limits.paused() ? KeyLimits.Hold.PAUSED : null,
                limits.concurrency(),
                limits.rate()));
  }

  /** Pauses a key; its other limits stay. */
  CompletionStage<LimitView> pause(Request request) {
    return change(request, "limit.pause", before -> before.with(KeyLimits.Hold.PAUSED));
  }

  /** Resumes a key; its other limits stay. */
  CompletionStage<LimitView> resume(Request request) {
    return change(request, "limit.resume", before -> before.with(null));
  }

  /** Applies the limits of the configuration again. */
  CompletionStage<LimitView> reset(Request request) {
    return change(request, "limit.reset", null);
  }

  /**
   * The limits of a key, which may have none.
   *
   * @param owners whose tasks the caller sees; unless it sees all, the occupied slots are omitted
   */
  CompletionStage<LimitView> get(TaskKey key, OwnerFilter owners) {
    Integer concurrency = current.of(key).concurrency();
    return concurrency == null || !owners.includesAll()
        ? CompletableFuture.completedStage(view(key, null))
        : slots.read(key, concurrency).thenApply(found -> view(key, occupied(found.values())));
  }

  private static List<LimitView.OccupiedSlot> occupied(Collection<Versioned<Slot>> found) {
    List<LimitView.OccupiedSlot> occupied = new ArrayList<>();
    for (Versioned<Slot> slot : found) {
      TaskId task = slot.value().task();
      if (task != null) {
        occupied.add(new LimitView.OccupiedSlot(slot.value().number(), task));
      }
    }
    occupied.sort(Comparator.comparingInt(LimitView.OccupiedSlot::number));
    return occupied;
  }

  private LimitView view(TaskKey key, @Nullable List<LimitView.OccupiedSlot> occupied) {
    return LimitView.of(
        key,
        current.of(key),
        current.setting(key).orElse(null),
        occupied,
        waiting.get().getOrDefault(key, 0L));
  }

  /**
   * The keys that have limits, or tasks that wait because of limits, in order.
   *
   * @param after the last key of the previous page; null for the first page
   */
  List<LimitView> list(@Nullable TaskKey after, int limit) {
    Set<TaskKey> keys = new TreeSet<>(current.keys());
    keys.addAll(waiting.get().keySet());
    return keys.stream()
        .filter(key -> after == null || key.compareTo(after) > 0)
        .limit(limit)
        .map(key -> view(key, null))
        .toList();
  }

  /** The first {@value #MAX_LISTED} keys with limits; of one key only, if it is given. */
  public List<LimitView> limited(Optional<TaskKey> only) {
    return only.map(this::ofKey).orElseGet(() -> list(null, MAX_LISTED));
  }

  private List<LimitView> ofKey(TaskKey key) {
    LimitView ofKey = view(key, null);
    return current.of(key).isNone() && ofKey.waiting() == 0 ? List.of() : List.of(ofKey);
  }

  private CompletionStage<LimitView> change(
      Request request, String action, @Nullable UnaryOperator<KeyLimits> change) {
    TaskKey key = request.key();
    TaskKeyForbidden.check(request.by(), key.value());
    return store
        .find(key)
        .thenCompose(
            found ->
                audit.perform(
                    new Intention(
                        Actor.of(request.by(), request.origin()),
                        action,
                        "limit",
                        key.value(),
                        found.map(Versioned::value).map(LimitSetting::state).orElse(null)),
                    () -> write(request, change, found, 0),
                    after -> ActionResult.done(after.state())))
        // The change is done. If the refresh fails, other servers find it a little later.
        .thenCompose(written -> store.refreshed().exceptionally(failure -> null))
        .thenCompose(refreshed -> get(key, request.by().sees()));
  }

  private CompletionStage<LimitSetting> write(
      Request request,
      @Nullable UnaryOperator<KeyLimits> change,
      Optional<Versioned<LimitSetting>> found,
      int conflicts) {
    if (found.isEmpty() && current.stored() >= CurrentLimits.MAX_KEYS) {
      throw new Problem(
          Problem.Kind.CONFLICT,
          "limits have been set for %d task keys, which is the maximum"
              .formatted(current.stored()));
    }
    LimitSetting after = after(request, change, found.map(Versioned::value));
    LimitSetting before = found.map(Versioned::value).orElse(null);
    if (before == null ? after.configured() : after.isSameAs(before)) {
      return CompletableFuture.completedStage(before == null ? after : before);
    }
    return store
        .write(after, found.map(Versioned::version).orElse(null))
        .thenCompose(
            outcome ->
                outcome.match(
                    version -> {
                      current.apply(List.of(new Versioned<>(after, version)));
                      return CompletableFuture.completedStage(after);
                    },
                    conflict -> writeAgain(request, change, conflicts),
                    reason -> CompletableFuture.failedStage(new Unstorable("limit", reason))));
  }

  private CompletionStage<LimitSetting> writeAgain(
      Request request, @Nullable UnaryOperator<KeyLimits> change, int conflicts) {
    return conflicts < MAX_CONFLICTS
        ? store
            .find(request.key())
            .thenCompose(found -> write(request, change, found, conflicts + 1))
        : CompletableFuture.failedStage(
            new StoreUnavailable(
                "the limits of " + request.key() + " are changed all the time; try again"));
  }

  /**
   * The setting after a change; null as the change applies the configuration again. A change to
   * what the configuration says does the same, so that a key that was paused and resumed follows
   * it.
   */
  private LimitSetting after(
      Request request, @Nullable UnaryOperator<KeyLimits> change, Optional<LimitSetting> before) {
    KeyLimits configured = current.configured(request.key());
    KeyLimits limits =
        before
            .filter(setting -> !setting.configured())
            .map(LimitSetting::limits)
            .orElse(configured);
    KeyLimits next = change == null ? configured : change.apply(limits);
    return new LimitSetting(
        request.key(),
        next.hold() == KeyLimits.Hold.PAUSED,
        next.concurrency(),
        next.rate(),
        next.equals(configured),
        clock.instant(),
        request.by().name());
  }
}

package dev.docket.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.admission.MemorySlotStore;
import dev.docket.admission.Slot;
import dev.docket.audit.MemoryAuditStore;
import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.Scope;
import dev.docket.auth.SettableClock;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.RequestOrigin;
import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Limits of two servers with one store. */
final class LimitServiceTest {

  private static final TaskKey ASR = new TaskKey("ASR");
  private static final TaskKey OCR = new TaskKey("OCR");
  private static final RequestOrigin ORIGIN = new RequestOrigin("192.0.2.1", "r1");
  private static final Caller ADMIN = new Caller("operator", Set.of("admin"));

  private final SettableClock clock = new SettableClock();
  private final MemoryLimitStore store = new MemoryLimitStore();
  private final MemoryAuditStore audit = new MemoryAuditStore();
  private final MemorySlotStore slots = new MemorySlotStore();
  private final Map<TaskKey, KeyLimits> configured = Map.of(OCR, new KeyLimits(null, 2, null));
  private Optional<KeyLimits.Hold> serviceHold = Optional.empty();
  private final CurrentLimits limitsA = current();
  private final CurrentLimits limitsB = current();
  private final LimitService server =
      new LimitService(
          store, limitsA, slots, audit.log(), () -> Map.of(new TaskKey("NER"), 7L), clock);

  private CurrentLimits current() {
    return new CurrentLimits(
        store,
        KeyLimits.NONE,
        configured,
        new KeyHolds() {
          @Override
          public Optional<KeyLimits.Hold> of(TaskKey key) {
            return serviceHold;
          }

          @Override
          public Set<TaskKey> keys() {
            return Set.of();
          }
        },
        clock::nanos);
  }

  private static LimitService.Request request(TaskKey key) {
    return new LimitService.Request(ADMIN, ORIGIN, key);
  }

  private LimitView set(TaskKey key, Integer concurrency, String rate) {
    return server
        .set(request(key), new NewLimits(null, concurrency, rate == null ? null : Rate.parse(rate)))
        .toCompletableFuture()
        .join();
  }

  @Test
  void setLimitsApplyAtOnceHereAndAfterAReadElsewhere() {
    LimitView set = set(ASR, 3, "90/m");

    assertThat(set.concurrency()).isEqualTo(3);
    assertThat(set.source()).isEqualTo("request");
    assertThat(set.changedBy()).isEqualTo("operator");
    KeyLimits limits = new KeyLimits(null, 3, Rate.parse("90/m"));
    assertThat(limitsA.of(ASR)).isEqualTo(limits);
    assertThat(limitsB.of(ASR)).isEqualTo(KeyLimits.NONE);
    limitsB.read();
    assertThat(limitsB.of(ASR)).isEqualTo(limits);
  }

  @Test
  void pauseKeepsOtherLimitsAndResumeRestoresThem() {
    server.pause(request(OCR)).toCompletableFuture().join();
    assertThat(limitsA.of(OCR)).isEqualTo(new KeyLimits(KeyLimits.Hold.PAUSED, 2, null));

    server.resume(request(OCR)).toCompletableFuture().join();
    assertThat(limitsA.of(OCR)).isEqualTo(new KeyLimits(null, 2, null));
  }

  @Test
  void resumedKeyFollowsItsConfigurationAgain() {
    server.pause(request(OCR)).toCompletableFuture().join();

    LimitView resumed = server.resume(request(OCR)).toCompletableFuture().join();

    assertThat(resumed.source()).isEqualTo("configuration");
    assertThat(resumed.changedBy()).isNull();
  }

  @Test
  void setLimitsLeaveKeyPausedUnlessTheySayOtherwise() {
    server.pause(request(ASR)).toCompletableFuture().join();

    set(ASR, 3, null);
    assertThat(limitsA.of(ASR)).isEqualTo(new KeyLimits(KeyLimits.Hold.PAUSED, 3, null));

    server.set(request(ASR), new NewLimits(false, 3, null)).toCompletableFuture().join();
    assertThat(limitsA.of(ASR)).isEqualTo(new KeyLimits(null, 3, null));
  }

  @Test
  void repeatedPauseKeepsWhoPausedFirst() {
    server.pause(request(ASR)).toCompletableFuture().join();
    clock.advance(Duration.ofMinutes(1));
    Caller other = new Caller("other", Set.of("admin"));

    LimitView again =
        server.pause(new LimitService.Request(other, ORIGIN, ASR)).toCompletableFuture().join();

    assertThat(again.changedBy()).isEqualTo("operator");
  }

  @Test
  void resumeOfKeyWithoutLimitsStoresNothing() {
    server.resume(request(ASR)).toCompletableFuture().join();

    assertThat(store.list(10)).isEmpty();
  }

  @Test
  void setLimitsReplaceConfiguredOnesUntilTheyAreReset() {
    set(OCR, null, null);
    assertThat(limitsA.of(OCR)).isEqualTo(KeyLimits.NONE);

    LimitView reset = server.reset(request(OCR)).toCompletableFuture().join();

    assertThat(reset.source()).isEqualTo("configuration");
    assertThat(reset.changedBy()).isNull();
    assertThat(limitsA.of(OCR)).isEqualTo(new KeyLimits(null, 2, null));
  }

  @Test
  void concurrentChangesAreAppliedOneAfterTheOther() {
    store.beforeWrite = () -> set(ASR, 3, null);

    server.pause(request(ASR)).toCompletableFuture().join();

    assertThat(limitsA.of(ASR)).isEqualTo(new KeyLimits(KeyLimits.Hold.PAUSED, 3, null));
  }

  @Test
  void olderReadDoesNotUndoOwnChange() {
    set(ASR, 3, null);
    var older = store.list(10);
    set(ASR, 4, null);

    limitsA.apply(older);

    assertThat(limitsA.of(ASR).concurrency()).isEqualTo(4);
  }

  @Test
  void lastLimitsApplyWhileStoreIsUnavailable() {
    set(ASR, 3, null);
    store.unavailable = true;

    limitsA.read();

    assertThat(limitsA.of(ASR).concurrency()).isEqualTo(3);
  }

  @Test
  void listenerReceivesChangedKeysOnly() {
    List<TaskKey> changed = new ArrayList<>();
    limitsB.whenChanged(changed::add);
    set(ASR, 3, null);

    limitsB.read();
    limitsB.read();

    assertThat(changed).containsExactly(ASR);
  }

  @Test
  void holdOfServiceAppliesUnlessKeyIsPaused() {
    serviceHold = Optional.of(KeyLimits.Hold.SERVICE_SLEEPING);
    assertThat(limitsA.of(OCR).hold()).isEqualTo(KeyLimits.Hold.SERVICE_SLEEPING);

    server.pause(request(OCR)).toCompletableFuture().join();

    assertThat(limitsA.of(OCR).hold()).isEqualTo(KeyLimits.Hold.PAUSED);
  }

  @Test
  void changesAreAudited() {
    server.pause(request(ASR)).toCompletableFuture().join();

    assertThat(audit.records())
        .anySatisfy(record -> assertThat(record.action()).isEqualTo("limit.pause"));
  }

  @Test
  void callerOfOtherTaskKeysCannotChangeLimits() {
    Caller limited =
        new Caller(
            "operator", null, Set.of("admin"), Set.of("OCR"), OwnerFilter.ALL, OwnerFilter.ALL);

    assertThatThrownBy(() -> server.pause(new LimitService.Request(limited, ORIGIN, ASR)))
        .isInstanceOf(TaskKeyForbidden.class);
    assertThat(limitsA.of(ASR)).isEqualTo(KeyLimits.NONE);
  }

  @Test
  void listsLimitedKeysAndThoseWithWaitingTasks() {
    set(ASR, 3, null);

    assertThat(server.list(null, 10))
        .extracting(LimitView::key)
        .containsExactly(ASR, new TaskKey("NER"), OCR);
    assertThat(server.list(ASR, 1)).extracting(LimitView::waiting).containsExactly(7L);
    assertThat(server.limited(Optional.of(OCR))).hasSize(1);
    assertThat(server.limited(Optional.of(new TaskKey("X")))).isEmpty();
  }

  @Test
  void showsOccupiedSlotsToCallersThatSeeAllTasks() {
    slots.write(new Slot(OCR, 2, new TaskId("t"), "a"), null);
    slots.write(new Slot(OCR, 1, null, null), null);

    assertThat(server.get(OCR, OwnerFilter.ALL).toCompletableFuture().join().slots())
        .containsExactly(new LimitView.OccupiedSlot(2, new TaskId("t")));
    OwnerFilter own = new OwnerFilter(Scope.OWN, "ann", null);
    assertThat(server.get(OCR, own).toCompletableFuture().join().slots()).isNull();
  }
}

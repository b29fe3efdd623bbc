package dev.docket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.admission.Slot;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Admission;
import dev.docket.task.KeyLimits;
import dev.docket.task.Rate;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Reporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admission of runs, on servers without I/O. */
final class LimitedKeysTest {

  private static final TaskKey KEY = new TaskKey("A");
  private static final Duration PATIENCE = Duration.ofSeconds(31);

  private final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();
  private final InMemoryServer server = new InMemoryServer(shared);
  private int documents;

  @BeforeEach
  void limit() {
    limits(new KeyLimits(null, 1, null));
  }

  private void limits(KeyLimits limits) {
    shared.limits.put(KEY, limits);
  }

  private TaskId task() {
    return server.create(server.document("d" + ++documents), "A").id();
  }

  private Versioned<Task> read(TaskId id) {
    return shared.tasks.find(id).toCompletableFuture().join().orElseThrow();
  }

  /** A server writes the slot and then stops before it writes the task. */
  private Admission takeSlot(TaskId task) {
    Slot slot = new Slot(KEY, 1, task, "slow");
    assertThat(shared.slots.write(slot, null).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Stored.class);
    return new Admission("slow", 1);
  }

  private void sweepSlotsAfterPatience() {
    server.slots.run();
    server.advanceClock(PATIENCE);
    server.slots.run();
  }

  private List<TaskId> published() {
    return shared.queue.stream().map(Task::id).toList();
  }

  @Test
  void slotOfCrashedServerBecomesFree() {
    TaskId task = task();
    takeSlot(task);
    server.admit();
    assertThat(published()).isEmpty();

    sweepSlotsAfterPatience();
    server.admit();

    assertThat(published()).containsExactly(task);
  }

  @Test
  void slotIsNotFreedBeforeAnAdmissionMayHaveFailed() {
    takeSlot(task());

    server.slots.run();
    server.advanceClock(PATIENCE.minusSeconds(2));
    server.slots.run();

    assertThat(shared.slots.occupied(null, 10)).hasSize(1);
  }

  @Test
  void slowServerCannotUseSlotThatWasFreedMeanwhile() {
    TaskId slow = task();
    Versioned<Task> seen = read(slow);
    Admission admission = takeSlot(slow);
    TaskId other = task();

    sweepSlotsAfterPatience();
    Decision late =
        server.tasks.execute(seen, new Command.Admit(admission)).toCompletableFuture().join();
    server.admit();

    assertThat(late).isInstanceOf(Decision.Unchanged.class);
    assertThat(published()).hasSize(1).containsAnyOf(slow, other);
  }

  @Test
  void slotWhoseRunIsHandedOutStaysOccupied() {
    task();
    server.admit();

    sweepSlotsAfterPatience();
    sweepSlotsAfterPatience();

    assertThat(shared.slots.occupied(null, 10)).hasSize(1);
  }

  @Test
  void slotOfRemovedTaskBecomesFree() {
    takeSlot(new TaskId("removed"));

    sweepSlotsAfterPatience();

    assertThat(shared.slots.occupied(null, 10)).isEmpty();
  }

  @Test
  void runsInProgressCountWhenKeyIsLimited() {
    limits(KeyLimits.NONE);
    TaskId running = task();
    Task sent = shared.queue.remove(0);
    server.execute(
        running, Command.Claim.byWorker(new Reporter(sent.run().ref(), "c1", "w"), null));
    limits(new KeyLimits(null, 1, null));

    TaskId waiting = task();
    server.admit();
    assertThat(published()).isEmpty();

    server.execute(running, new Command.Cancel("ann"));
    server.execute(running, new Command.ForceRetry("ann"));
    server.admit();
    assertThat(published()).hasSize(1).containsAnyOf(running, waiting);
  }

  @Test
  void runsBeyondLowerConcurrencyCountUntilTheyEnd() {
    limits(new KeyLimits(null, 3, null));
    List<TaskId> tasks = IntStream.range(0, 6).mapToObj(i -> task()).toList();
    server.admit();
    shared.queue.forEach(
        sent ->
            server.execute(
                sent.id(),
                Command.Claim.byWorker(
                    new Reporter(sent.run().ref(), "c" + sent.id(), "w"), null)));
    List<TaskId> running = published();
    shared.queue.clear();
    limits(new KeyLimits(null, 2, null));
    server.admissions.limitsChanged(KEY);

    server.execute(running.get(0), new Command.ForceRetry("ann"));
    server.admit();
    assertThat(published()).isEmpty();

    server.execute(running.get(1), new Command.ForceRetry("ann"));
    server.admit();
    assertThat(published()).hasSize(1);
    assertThat(tasks).hasSize(6);
  }

  @Test
  void slotIsGivenOnWithoutASearchOnceEveryServerKnowsTheLimit() {
    List<TaskId> tasks = IntStream.range(0, 3).mapToObj(i -> task()).toList();
    server.admit();
    server.advanceClock(Duration.ofSeconds(6));
    server.execute(published().get(0), new Command.Cancel("ann"));
    server.admit();
    assertThat(published()).hasSize(2);

    server.execute(published().get(1), new Command.Cancel("ann"));

    assertThat(published()).containsExactlyInAnyOrderElementsOf(tasks);
  }

  @Test
  void serversThatShareAKeyAdmitEachTaskOnce() {
    InMemoryServer other = server.successor();
    limits(new KeyLimits(null, 4, null));
    IntStream.range(0, 60).forEach(i -> task());
    server.admit();
    server.advanceClock(Duration.ofSeconds(6));

    for (int i = 0; i < 40; i++) {
      InMemoryServer each = i % 2 == 0 ? server : other;
      each.admit();
      each.execute(published().get(i), new Command.Cancel("ann"));
      each.admit();
      assertThat(shared.slots.occupied(null, 10)).as("occupied slots").hasSize(4);
    }

    assertThat(published()).hasSize(44).doesNotHaveDuplicates();
  }

  /** The next write of a port succeeds, but its response says that it did not. */
  private InMemoryServer serverWithLostResponse(String call) {
    boolean[] lost = {false};
    return new InMemoryServer(
        shared,
        (name, isAsynchronous, work) -> {
          Object result = work.call();
          if (!name.equals(call) || lost[0]) {
            return result;
          }
          lost[0] = true;
          return CompletableFuture.completedStage(new WriteOutcome.Conflict());
        });
  }

  @Test
  void admissionWhoseWriteLooksLikeAConflictKeepsItsSlot() {
    task();
    task();

    serverWithLostResponse("TaskStore.replace").admit();
    server.admit();
    server.advanceClock(PATIENCE);
    server.overdue.run();
    server.admit();

    assertThat(published()).hasSize(1);
    assertThat(shared.slots.occupied(null, 10))
        .singleElement()
        .satisfies(slot -> assertThat(slot.value().task()).isEqualTo(published().get(0)));
  }

  @Test
  void slotWhoseWriteLooksLikeAConflictIsUsed() {
    TaskId task = task();

    serverWithLostResponse("SlotStore.write").admit();

    assertThat(published()).containsExactly(task);
  }

  @Test
  void slotsBeyondLowerConcurrencyAreNotGivenOn() {
    limits(new KeyLimits(null, 2, null));
    IntStream.range(0, 4).forEach(i -> task());
    server.admit();
    assertThat(published()).hasSize(2);
    limits(new KeyLimits(null, 1, null));

    List<TaskId> first = published();
    shared.queue.clear();
    first.forEach(id -> server.execute(id, new Command.Cancel("ann")));
    server.admit();

    assertThat(published()).hasSize(1);
  }

  @Test
  void resumedKeyHandsOutEverything() {
    limits(new KeyLimits(KeyLimits.Hold.PAUSED, null, null));
    IntStream.range(0, 1200).forEach(i -> task());
    server.admit();
    assertThat(published()).isEmpty();

    limits(KeyLimits.NONE);
    server.admit();

    assertThat(published()).hasSize(1200).doesNotHaveDuplicates();
  }

  @Test
  void rateHandsOutOneRunOfASlowKeyAtATime() {
    limits(new KeyLimits(null, null, Rate.parse("5/h")));
    task();
    task();

    server.admit();
    server.admit();

    assertThat(published()).hasSize(1);
  }

  @Test
  void newLeaderCountsWhatWasHandedOutInThePeriod() {
    limits(new KeyLimits(null, null, Rate.parse("1/h")));
    task();
    server.admit();
    task();

    server.successor().admit();

    assertThat(published()).hasSize(1);
  }
}

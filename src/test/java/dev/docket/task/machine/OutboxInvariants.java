package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that no effect is lost before it was performed, and that none is added without cause. */
record OutboxInvariants(Task before, Command command, Task after) {

  void check() {
    for (PendingEffect pending : before.outbox()) {
      boolean remains = after.outbox().stream().anyMatch(p -> p.id().equals(pending.id()));
      assertThat(remains || mayBeRemoved(pending))
          .as("%s removed by %s", pending, command)
          .isTrue();
      if (remains) {
        checkRemaining(pending);
      }
    }
    checkNewResults();
    checkSavedResults();
    if (after.deleted() && !before.deleted()) {
      checkDeletionCoversAllResults();
    }
  }

  private boolean mayBeRemoved(PendingEffect pending) {
    Effect effect = pending.effect();
    boolean newRun = after.attempt() > before.attempt();
    if (command instanceof Command.Delete) {
      return true;
    }
    if (effect instanceof Effect.Publish) {
      return newRun || isReplaced(Effect.Publish.class) || isMessageSettled();
    }
    if (command instanceof Command.EffectsDone done && done.ids().contains(pending.id())) {
      return true;
    }
    if (effect instanceof Effect.Register register) {
      return register.needed().isEmpty() ? !after.waitAny() : isTakenOver(register);
    }
    return newRun && (effect instanceof Effect.Wake || effect instanceof Effect.Revoke);
  }

  /** Whether the broker or a worker reported on this run, or the task ended. */
  private boolean isMessageSettled() {
    if (command instanceof Command.FromBroker message) {
      return before.isCurrentRun(message.attempt(), message.run());
    }
    if (command instanceof Command.FromWorker report) {
      return before.isCurrentRun(report.attempt(), report.run());
    }
    return after.state().isFinished();
  }

  private boolean isReplaced(Class<? extends Effect> kind) {
    return after.outbox().stream().anyMatch(p -> kind.isInstance(p.effect()));
  }

  /** Whether a later registration creates all tasks that this one was to create. */
  private boolean isTakenOver(Effect.Register earlier) {
    Set<TaskId> created =
        after.outbox().stream()
            .filter(p -> p.effect() instanceof Effect.Register)
            .flatMap(p -> ((Effect.Register) p.effect()).needed().stream())
            .filter(need -> need.args() != null)
            .map(Effect.NeededTask::id)
            .collect(Collectors.toSet());
    return after.attempt() > before.attempt()
        && earlier.needed().stream()
            .filter(need -> need.args() != null)
            .allMatch(need -> created.contains(need.id()));
  }

  private void checkRemaining(PendingEffect pending) {
    PendingEffect current =
        after.outbox().stream().filter(p -> p.id().equals(pending.id())).findFirst().orElseThrow();
    assertThat(current.effect()).isEqualTo(pending.effect());
    if (!current.due().equals(pending.due())) {
      assertThat(command).isInstanceOfAny(Command.TakeOverdue.class, Command.Publish.class);
    }
  }

  /** An accepted completion adds its results once; no other command adds results. */
  private void checkNewResults() {
    List<Effect.StoreResults> added =
        after.outbox().stream()
            .filter(p -> before.outbox().stream().noneMatch(b -> b.id().equals(p.id())))
            .filter(p -> p.effect() instanceof Effect.StoreResults)
            .map(p -> (Effect.StoreResults) p.effect())
            .toList();
    boolean completed =
        command instanceof Command.Complete
            && !before.state().isFinished()
            && after.state() == TaskState.SUCCESS;
    if (!completed) {
      assertThat(added).isEmpty();
      assertThat(after.results()).isEqualTo(before.results());
      return;
    }
    Command.Complete complete = (Command.Complete) command;
    int submitted = complete.results().size();
    RunResults run = new RunResults(complete.attempt(), complete.run(), before.saved() + submitted);
    assertThat(after.results()).isEqualTo(run);
    boolean hasEffect = submitted > 0 || (before.results() != null && before.results().count() > 0);
    if (hasEffect) {
      assertThat(added)
          .containsExactly(new Effect.StoreResults(run, complete.results(), before.results()));
    } else {
      assertThat(added).isEmpty();
    }
  }

  /** Saved results become visible if the run succeeds, and are deleted if it ends otherwise. */
  private void checkSavedResults() {
    if (command instanceof Command.SaveResult && after.saved() != before.saved()) {
      assertThat(after.saved()).isEqualTo(before.saved() + 1);
      return;
    }
    boolean closed =
        after.attempt() > before.attempt() || after.state().isFinished() || after.deleted();
    assertThat(after.saved()).isEqualTo(closed ? 0 : before.saved());
    if (before.saved() > 0 && closed && !after.deleted() && after.state() != TaskState.SUCCESS) {
      assertThat(after.outbox())
          .extracting(PendingEffect::effect)
          .contains(new Effect.DeleteResults(List.of(before.savedResults())));
    }
  }

  private void checkDeletionCoversAllResults() {
    Set<RunResults> stored = new HashSet<>();
    stored.add(before.results());
    if (before.saved() > 0) {
      stored.add(before.savedResults());
    }
    for (PendingEffect pending : before.outbox()) {
      if (pending.effect() instanceof Effect.StoreResults store) {
        stored.add(store.run());
        stored.add(store.before());
      }
      if (pending.effect() instanceof Effect.DeleteResults delete) {
        stored.addAll(delete.results());
      }
    }
    stored.removeIf(Objects::isNull);
    assertThat(after.outbox())
        .filteredOn(p -> p.effect() instanceof Effect.DeleteResults)
        .singleElement()
        .satisfies(
            p ->
                assertThat(((Effect.DeleteResults) p.effect()).results())
                    .containsExactlyInAnyOrderElementsOf(stored));
  }
}

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

/** No effect is lost undone, and none comes without its cause. */
record OutboxInvariants(Task before, Command command, Task after) {

  void check() {
    for (PendingEffect pending : before.outbox()) {
      boolean still = after.outbox().stream().anyMatch(p -> p.id().equals(pending.id()));
      assertThat(still || mayLeave(pending)).as("%s leaves by %s", pending, command).isTrue();
      if (still) {
        stays(pending);
      }
    }
    results();
    saved();
    if (after.deleted() && !before.deleted()) {
      nothingOfADeletedTaskRemains();
    }
  }

  private boolean mayLeave(PendingEffect pending) {
    Effect effect = pending.effect();
    boolean newRun = after.attempt() > before.attempt();
    if (command instanceof Command.Delete) {
      return true;
    }
    if (effect instanceof Effect.Publish) {
      return newRun || replaced(Effect.Publish.class) || isAnswered();
    }
    if (command instanceof Command.EffectsDone done && done.ids().contains(pending.id())) {
      return true;
    }
    if (effect instanceof Effect.Register register) {
      return register.needed().isEmpty() ? !after.waitAny() : isTakenOver(register);
    }
    return newRun && (effect instanceof Effect.Wake || effect instanceof Effect.Revoke);
  }

  /** What the broker, a worker, or whoever ended the task said of this run. */
  private boolean isAnswered() {
    if (command instanceof Command.OfMessage message) {
      return before.isRun(message.attempt(), message.run());
    }
    if (command instanceof Command.OfRun said) {
      return before.isRun(said.attempt(), said.run());
    }
    return after.state().isFinished();
  }

  private boolean replaced(Class<? extends Effect> kind) {
    return after.outbox().stream().anyMatch(p -> kind.isInstance(p.effect()));
  }

  /** Whatever it was to make, a later registration makes. */
  private boolean isTakenOver(Effect.Register undone) {
    Set<TaskId> made =
        after.outbox().stream()
            .filter(p -> p.effect() instanceof Effect.Register)
            .flatMap(p -> ((Effect.Register) p.effect()).needed().stream())
            .filter(need -> need.args() != null)
            .map(Effect.Needed::id)
            .collect(Collectors.toSet());
    return after.attempt() > before.attempt()
        && undone.needed().stream()
            .filter(need -> need.args() != null)
            .allMatch(need -> made.contains(need.id()));
  }

  private void stays(PendingEffect pending) {
    PendingEffect now =
        after.outbox().stream().filter(p -> p.id().equals(pending.id())).findFirst().orElseThrow();
    assertThat(now.effect()).isEqualTo(pending.effect());
    if (!now.due().equals(pending.due())) {
      assertThat(command).isInstanceOfAny(Command.TakeOverdue.class, Command.Publish.class);
    }
  }

  /** An accepted completion brings its results once; nothing else brings any. */
  private void results() {
    List<Effect.StoreResults> brought =
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
      assertThat(brought).isEmpty();
      assertThat(after.results()).isEqualTo(before.results());
      return;
    }
    Command.Complete complete = (Command.Complete) command;
    int given = complete.results().size();
    RunResults run = new RunResults(complete.attempt(), complete.run(), before.saved() + given);
    assertThat(after.results()).isEqualTo(run);
    boolean any = given > 0 || (before.results() != null && before.results().count() > 0);
    if (any) {
      assertThat(brought)
          .containsExactly(new Effect.StoreResults(run, complete.results(), before.results()));
    } else {
      assertThat(brought).isEmpty();
    }
  }

  /** What was saved under a run counts if that run succeeds, and goes if it ends otherwise. */
  private void saved() {
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

  private void nothingOfADeletedTaskRemains() {
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

package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
    boolean newRun = after.run().attempt() > before.run().attempt();
    if (command instanceof Command.Delete) {
      return !(effect instanceof Effect.StoreResults);
    }
    if (effect instanceof Effect.Publish) {
      // A run that people do has this effect only while it waits for any task.
      boolean opened = after.run().isManual() && !after.waitAny();
      return newRun || opened || isReplaced(Effect.Publish.class) || isMessageSettled();
    }
    if (command instanceof Command.EffectsDone done && done.ids().contains(pending.id())) {
      return true;
    }
    if (effect instanceof Effect.Register register) {
      return register.needed().isEmpty() ? !after.waitAny() : isTakenOver(register);
    }
    return newRun && effect instanceof Effect.Wake;
  }

  /** Whether the broker or a worker reported on this run, or the task ended. */
  private boolean isMessageSettled() {
    if (command instanceof Command.FromBroker message) {
      return before.isCurrentRun(message.run());
    }
    if (command instanceof Command.FromWorker report) {
      return before.isCurrentRun(report.run());
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
    return after.run().attempt() > before.run().attempt()
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

  /** An accepted completion adds its results once; no other command adds results to the list. */
  private void checkNewResults() {
    List<Effect.StoreResults> added =
        newEffects().stream()
            .filter(Effect.StoreResults.class::isInstance)
            .map(Effect.StoreResults.class::cast)
            .toList();
    boolean completed =
        command instanceof Command.Complete
            && !before.state().isFinished()
            && after.state() == TaskState.SUCCESS;
    if (completed) {
      checkCompletion((Command.Complete) command, added);
    } else if (command instanceof Command.RemoveResults remove) {
      boolean earlierIsLatest =
          after.latestResults() != null
              && !after.latestResults().isSameSubmission(before.latestResults());
      assertThat(added)
          .isEqualTo(
              earlierIsLatest
                  ? List.of(new Effect.StoreResults(after.latestResults(), List.of(), null))
                  : List.of());
      List<ResultRun> removed = new ArrayList<>();
      removed.add(before.run().savedResults().onlySaved(remove.results()));
      before.resultRuns().forEach(run -> removed.add(run.onlySaved(remove.results())));
      removed.removeIf(run -> run.count() == 0);
      // The command removes one result at most.
      assertDeleted(removed);
      assertThat(idsOf(after.resultRuns()))
          .containsExactlyElementsOf(
              idsOf(before.resultRuns()).stream()
                  .filter(id -> !remove.results().contains(id) || !isSaved(id))
                  .toList());
    } else if (command instanceof Command.TrimResults) {
      assertThat(added).isEmpty();
      assertThat(after.latestResults()).isEqualTo(before.latestResults());
      assertDeleted(without(before.resultRuns(), after.resultRuns()));
    } else {
      assertThat(after.resultRuns()).isEqualTo(before.resultRuns());
      // Results that were stored after those of a later run are marked as not the latest.
      assertThat(added)
          .allSatisfy(
              store -> {
                assertThat(command).isInstanceOf(Command.EffectsDone.class);
                assertThat(store.drafts()).isEmpty();
                assertThat(store.run()).isEqualTo(after.latestResults());
              });
    }
  }

  private void checkCompletion(Command.Complete complete, List<Effect.StoreResults> added) {
    int count = before.run().saved().size() + complete.results().size();
    if (count == 0) {
      assertThat(added).isEmpty();
      assertThat(after.resultRuns()).isEqualTo(before.resultRuns());
      return;
    }
    String submission = complete.results().isEmpty() ? null : complete.submission();
    ResultRun run =
        new ResultRun(
            complete.run().attempt(),
            complete.run().token(),
            submission,
            count,
            before.run().saved());
    assertThat(added)
        .containsExactly(new Effect.StoreResults(run, complete.results(), before.latestResults()));
    List<ResultRun> all = new ArrayList<>(before.resultRuns());
    all.add(run);
    int dropped = Math.max(0, all.size() - TaskScenario.KEPT_RUNS);
    assertThat(after.resultRuns()).isEqualTo(all.subList(dropped, all.size()));
    assertDeleted(all.subList(0, dropped));
  }

  private void assertDeleted(List<ResultRun> runs) {
    List<Effect> deletions =
        newEffects().stream().filter(Effect.DeleteResults.class::isInstance).toList();
    assertThat(deletions)
        .isEqualTo(runs.isEmpty() ? List.of() : List.of(new Effect.DeleteResults(runs)));
  }

  private List<Effect> newEffects() {
    return after.outbox().stream()
        .filter(p -> before.outbox().stream().noneMatch(b -> b.id().equals(p.id())))
        .map(PendingEffect::effect)
        .toList();
  }

  private List<ResultId> idsOf(List<ResultRun> runs) {
    return runs.stream().flatMap(run -> run.resultIds(before.id()).stream()).toList();
  }

  private boolean isSaved(ResultId id) {
    return before.resultRuns().stream().anyMatch(run -> run.ids().contains(id));
  }

  private static List<ResultRun> without(List<ResultRun> runs, List<ResultRun> removed) {
    return runs.stream().filter(run -> !removed.contains(run)).toList();
  }

  /** Saved results become visible if the run succeeds, and are deleted if it ends otherwise. */
  private void checkSavedResults() {
    if (command instanceof Command.SaveResult save
        && !after.run().saved().equals(before.run().saved())) {
      List<ResultId> noted = new ArrayList<>(before.run().saved());
      noted.add(save.result());
      assertThat(after.run().saved()).isEqualTo(noted);
      return;
    }
    if (command instanceof Command.RemoveResults remove) {
      List<ResultId> remaining = new ArrayList<>(before.run().saved());
      remaining.removeAll(remove.results());
      assertThat(after.run().saved()).isEqualTo(remaining);
      return;
    }
    boolean closed =
        after.run().attempt() > before.run().attempt()
            || after.state().isFinished()
            || after.deleted();
    assertThat(after.run().saved()).isEqualTo(closed ? List.of() : before.run().saved());
    if (!before.run().saved().isEmpty()
        && closed
        && !after.deleted()
        && after.state() != TaskState.SUCCESS) {
      assertThat(after.outbox())
          .extracting(PendingEffect::effect)
          .contains(new Effect.DeleteResults(List.of(before.run().savedResults())));
    }
  }

  private void checkDeletionCoversAllResults() {
    Set<ResultRun> stored = new HashSet<>();
    stored.addAll(before.resultRuns());
    if (!before.run().saved().isEmpty()) {
      stored.add(before.run().savedResults());
    }
    for (PendingEffect pending : before.outbox()) {
      if (pending.effect() instanceof Effect.StoreResults store) {
        stored.add(store.run());
      }
      if (pending.effect() instanceof Effect.DeleteResults delete) {
        stored.addAll(delete.results());
      }
    }
    assertThat(after.outbox())
        .filteredOn(p -> p.effect() instanceof Effect.DeleteResults)
        .singleElement()
        .satisfies(
            p ->
                assertThat(((Effect.DeleteResults) p.effect()).results())
                    .containsExactlyInAnyOrderElementsOf(stored));
  }
}

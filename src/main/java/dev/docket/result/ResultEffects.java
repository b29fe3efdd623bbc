package dev.docket.result;

import dev.docket.concurrent.Stages;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.machine.Effect;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs the effects on results. Each can be performed again, and by several servers at the same
 * time. Stages fail with {@link StoreUnavailable}; the effect is then performed later.
 */
public final class ResultEffects {

  private static final Logger LOG = LoggerFactory.getLogger(ResultEffects.class);

  private final ResultStore store;
  private final Payloads payloads;
  private final Clock clock;

  public ResultEffects(ResultStore store, Payloads payloads, Clock clock) {
    this.store = store;
    this.payloads = payloads;
    this.clock = clock;
  }

  /**
   * Stores the results of a run. Returns those saved before its end that do not exist, because
   * their save was noted and then failed.
   */
  public CompletionStage<List<ResultId>> store(Task task, Effect.StoreResults effect) {
    List<CompletionStage<Void>> writes = new ArrayList<>();
    List<ResultId> ids = effect.draftIds(task.id());
    for (int i = 0; i < ids.size(); i++) {
      writes.add(create(task, effect.run(), ids.get(i), effect.drafts().get(i)));
    }
    ResultRun before = effect.before();
    // An effect of an earlier release may leave no results. Those before are then still the latest.
    if (before != null && effect.run().count() > 0) {
      writes.addAll(mark(task, before, false));
    }
    List<ResultId> missing = Collections.synchronizedList(new ArrayList<>());
    List<ResultId> all = effect.run().resultIds(task.id());
    for (ResultId id : all.subList(0, all.size() - ids.size())) {
      writes.add(
          store
              .mark(id, true, true)
              .thenAccept(
                  outcome -> {
                    outcome.requireKnown();
                    if (outcome instanceof WriteOutcome.Conflict
                        && effect.run().ids().contains(id)) {
                      missing.add(id);
                    }
                  }));
    }
    return Stages.all(writes).thenApply(done -> List.copyOf(missing));
  }

  private CompletionStage<Void> create(Task task, ResultRun run, ResultId id, ResultDraft draft) {
    Result result = Result.of(task, run, id, draft, clock.instant());
    return payloads
        .searched(result)
        .thenCompose(searched -> store.create(result, searched.orElse(null)))
        .thenAccept(
            outcome -> {
              outcome.requireKnown();
              if (outcome instanceof WriteOutcome.Rejected rejected) {
                LOG.atError()
                    .addKeyValue("task", task.id())
                    .log(
                        "The store permanently rejected a result of the task, which is lost: {}",
                        rejected.reason());
              }
            });
  }

  /** Deletes the results of runs with their payloads. */
  public CompletionStage<Void> delete(Task task, List<ResultRun> runs) {
    List<CompletionStage<Void>> deletions = new ArrayList<>();
    for (ResultRun run : runs) {
      List<ResultId> ids = run.resultIds(task.id());
      deletions.add(
          store
              .find(ids)
              .thenCompose(
                  found ->
                      Stages.all(
                          found.values().stream()
                              .map(Versioned::value)
                              .map(this::delete)
                              .toList())));
    }
    return Stages.all(deletions);
  }

  /** Deletes results that were stored too late, and marks the others as the task now requires. */
  CompletionStage<Void> settle(Task current, Effect.StoreResults stored) {
    List<CompletionStage<Void>> marks = new ArrayList<>();
    ResultRun before = stored.before();
    for (ResultRun listed : current.resultRuns()) {
      if (listed.isSameSubmission(stored.run())
          || (before != null && listed.isSameSubmission(before))) {
        marks.addAll(mark(current, listed, listed.equals(current.latestResults())));
      }
    }
    ResultRun unlisted = stored.run().unlistedIn(current);
    return Stages.all(marks)
        .thenCompose(marked -> delete(current, unlisted == null ? List.of() : List.of(unlisted)));
  }

  private List<CompletionStage<Void>> mark(Task task, ResultRun run, boolean latest) {
    return run.resultIds(task.id()).stream()
        .map(id -> store.mark(id, true, latest).thenAccept(WriteOutcome::requireKnown))
        .toList();
  }

  /** The payload first: while the record exists, its payload can be found and deleted again. */
  private CompletionStage<Void> delete(Result result) {
    Long bytes = result.payloadBytes();
    CompletionStage<Void> payload =
        bytes == null
            ? CompletableFuture.completedStage(null)
            : payloads.remove(result.id(), bytes);
    return payload
        .thenCompose(removed -> store.remove(result.id()))
        .thenAccept(WriteOutcome::requireKnown);
  }
}

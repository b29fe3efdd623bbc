package dev.docket.workerapi;

import dev.docket.auth.Caller;
import dev.docket.document.DocumentId;
import dev.docket.http.InvalidRequest;
import dev.docket.task.ResultDraft;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.RunTiming;
import dev.docket.wire.ReportItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts report items to commands of the task machine. */
final class ReportCommands {

  private ReportCommands() {}

  /** Whether {@link #of} needs the document's id, because the item names other tasks of it. */
  static boolean needsDocument(ReportItem.OfTask item) {
    return item instanceof ReportItem.Complete complete
        && complete.state() == TaskState.UNFINISHED_DEPENDENCY.number();
  }

  /**
   * The command for an item.
   *
   * @param caller who sent the item
   * @param document the task's document; null if it is not needed
   * @throws InvalidRequest if the item is not a valid report about a run
   */
  static Command of(ReportItem.OfTask item, Caller caller, @Nullable DocumentId document) {
    if (item instanceof ReportItem.Claim claim) {
      String instance = claim.instance();
      return Command.Claim.byWorker(
          reporter(item, claim.claimId(), caller),
          instance == null ? null : new WorkerInstance(instance, caller.name()));
    }
    if (item instanceof ReportItem.Started started) {
      return new Command.Started(reporter(item, started.claimId(), caller), started.waitedMs());
    }
    if (item instanceof ReportItem.Progress progress) {
      return new Command.Progress(
          reporter(item, progress.claimId(), caller),
          progress.progress(),
          progress.stage(),
          progress.message());
    }
    if (item instanceof ReportItem.Heartbeat heartbeat) {
      return new Command.Heartbeat(reporter(item, heartbeat.claimId(), caller));
    }
    if (item instanceof ReportItem.GiveBack giveBack) {
      return new Command.GiveBack(reporter(item, giveBack.claimId(), caller), giveBack.message());
    }
    if (item instanceof ReportItem.Complete complete) {
      return endOfRun(complete, caller, document);
    }
    throw InvalidRequest.field(
        "/type", "must be one of claim, started, progress, heartbeat, give_back, complete");
  }

  private static Reporter reporter(
      ReportItem.OfTask item, @Nullable String claimId, Caller caller) {
    return new Reporter(
        new RunRef(item.attempt(), item.run()), claimId, item.worker(), caller.name());
  }

  private static Command endOfRun(
      ReportItem.Complete item, Caller caller, @Nullable DocumentId document) {
    Reporter from = reporter(item, item.claimId(), caller);
    RunTiming timing = new RunTiming(item.waitedMs(), item.runMs());
    RunEnd end = new RunEnd(item.message(), null, timing);
    if (item.state() == TaskState.SUCCESS.number()) {
      return new Command.Complete(
          from,
          end,
          drafts(item),
          item.claimId() == null && item.results() != null ? digest(item.results()) : null);
    }
    if (item.state() == TaskState.CANCELLED.number()) {
      return new Command.CancelConfirmed(from, timing);
    }
    TaskState state = failure(item.state());
    return Command.Fail.of(
        from,
        state,
        end,
        state == TaskState.UNFINISHED_DEPENDENCY && document != null
            ? needed(item, document)
            : List.of());
  }

  /** Identifies the results of a worker that has no claim. */
  private static String digest(List<ReportItem.NewResult> results) {
    return UUID.nameUUIDFromBytes(results.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static TaskState failure(int number) {
    for (TaskState state : TaskState.values()) {
      boolean allowed = state.isWorkerFailure() || state == TaskState.UNFINISHED_DEPENDENCY;
      if (state.number() == number && allowed) {
        return state;
      }
    }
    throw InvalidRequest.field(
        "/state",
        "must be one of 200, 400, 403, 404, 412, 499, 500, 502, 503 (was " + number + ")");
  }

  private static List<ResultDraft> drafts(ReportItem.Complete item) {
    List<ReportItem.NewResult> results = item.results();
    if (results == null) {
      return List.of();
    }
    return results.stream().map(ReportCommands::draft).toList();
  }

  private static ResultDraft draft(ReportItem.NewResult result) {
    Map<String, String> generator = result.generator() == null ? Map.of() : result.generator();
    return new ResultDraft(result.payload(), generator, result.uploaded());
  }

  private static List<Effect.NeededTask> needed(ReportItem.Complete item, DocumentId document) {
    List<ReportItem.NeededTask> dependencies = item.dependencies();
    if (dependencies == null) {
      return List.of();
    }
    List<Effect.NeededTask> needed = new ArrayList<>();
    for (int i = 0; i < dependencies.size(); i++) {
      try {
        // The reader of the report does not require it.
        @Nullable String name = dependencies.get(i).key();
        TaskKey key = TaskKey.fromString(name == null ? "" : name);
        Map<String, Object> args = dependencies.get(i).args();
        needed.add(
            new Effect.NeededTask(TaskId.of(document, key), key, args == null ? Map.of() : args));
      } catch (IllegalArgumentException e) {
        throw InvalidRequest.field(
            "/dependencies/" + i + "/key", "must be 1 to 64 characters of A-Z 0-9 _ -");
      }
    }
    return needed;
  }
}

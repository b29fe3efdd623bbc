package dev.docket.workerapi;

import dev.docket.document.DocumentId;
import dev.docket.http.InvalidRequest;
import dev.docket.task.ResultDraft;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.wire.ReportItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a report item asks of the task, in the domain's words. */
final class ReportCommands {

  private ReportCommands() {}

  /** Whether the document must be known before {@link #of}: other tasks of it are asked for. */
  static boolean needsDocument(ReportItem.OfTask item) {
    return item instanceof ReportItem.Complete complete
        && complete.state() == TaskState.UNFINISHED_DEPENDENCY.number();
  }

  /**
   * The command.
   *
   * @param document the task's document, null where it is not needed
   * @throws InvalidRequest if a worker cannot say that
   */
  static Command of(ReportItem.OfTask item, @Nullable DocumentId document) {
    int attempt = item.attempt();
    String run = item.run();
    String worker = item.worker();
    if (item instanceof ReportItem.Claim claim) {
      return new Command.Claim(attempt, run, claim.claimId(), worker, false);
    }
    if (item instanceof ReportItem.Started started) {
      return new Command.Started(attempt, run, started.claimId(), worker);
    }
    if (item instanceof ReportItem.Progress p) {
      return new Command.Progress(
          attempt, run, p.claimId(), worker, p.progress(), p.stage(), p.message());
    }
    if (item instanceof ReportItem.Heartbeat beat) {
      return new Command.Heartbeat(attempt, run, beat.claimId(), worker);
    }
    if (item instanceof ReportItem.GiveBack back) {
      return new Command.GiveBack(attempt, run, back.claimId(), worker, back.message());
    }
    if (item instanceof ReportItem.Complete complete) {
      return ended(complete, document);
    }
    throw InvalidRequest.field("/type", "is nothing that is told to a task");
  }

  private static Command ended(ReportItem.Complete item, @Nullable DocumentId document) {
    String claim = item.claimId();
    if (item.state() == TaskState.SUCCESS.number()) {
      return new Command.Complete(
          item.attempt(), item.run(), claim, item.worker(), item.message(), drafts(item));
    }
    if (item.state() == TaskState.CANCELLED.number()) {
      return new Command.CancelConfirmed(item.attempt(), item.run(), claim, item.worker());
    }
    TaskState state = failure(item.state());
    List<Effect.Needed> needed =
        state == TaskState.UNFINISHED_DEPENDENCY && document != null
            ? needed(item, document)
            : List.of();
    return new Command.Fail(
        item.attempt(), item.run(), claim, item.worker(), state, item.message(), needed);
  }

  private static TaskState failure(int number) {
    for (TaskState state : TaskState.values()) {
      boolean sayable = state.isWorkersFailure() || state == TaskState.UNFINISHED_DEPENDENCY;
      if (state.number() == number && sayable) {
        return state;
      }
    }
    throw InvalidRequest.field(
        "/state", "must be one of 200, 400, 403, 404, 412, 499, 500, 502, 503; was " + number);
  }

  private static List<ResultDraft> drafts(ReportItem.Complete item) {
    List<ReportItem.NewResult> results = item.results();
    if (results == null) {
      return List.of();
    }
    return results.stream()
        .map(r -> new ResultDraft(r.payload(), r.generator() == null ? Map.of() : r.generator()))
        .toList();
  }

  private static List<Effect.Needed> needed(ReportItem.Complete item, DocumentId document) {
    List<ReportItem.NeededTask> asked = item.dependencies();
    if (asked == null) {
      return List.of();
    }
    List<Effect.Needed> needed = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      try {
        TaskKey key = TaskKey.fromString(asked.get(i).key());
        Map<String, Object> args = asked.get(i).args();
        needed.add(
            new Effect.Needed(TaskId.of(document, key), key, args == null ? Map.of() : args));
      } catch (IllegalArgumentException | NullPointerException bad) {
        throw InvalidRequest.field("/dependencies/" + i + "/key", "must be 1 to 64 of A-Z 0-9 _ -");
      }
    }
    return needed;
  }
}

package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.concurrent.Stages;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.store.Unstorable;
import dev.docket.task.Lease;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Ends runs that submit results. Large payloads are stored before the end, so that the task's
 * record stays small, and removed again if the end is rejected.
 */
public final class ResultSubmissions {

  /** Payloads up to this size are stored in the record of their result. */
  public static final int MAX_RECORD_BYTES = 8 * 1024;

  /** The maximum size of all payloads of a submission in the record of their task. */
  private static final int MAX_DRAFT_BYTES = 64 * 1024;

  private final TaskService tasks;
  private final Payloads payloads;
  private final int maxInlineBytes;

  /**
   * @param maxInlineBytes the maximum size of all payloads in the request that ends the run; larger
   *     ones must be uploaded
   */
  public ResultSubmissions(TaskService tasks, Payloads payloads, int maxInlineBytes) {
    this.tasks = tasks;
    this.payloads = payloads;
    this.maxInlineBytes = maxInlineBytes;
  }

  /** A payload that must be stored before the end. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record LargePayload(int ordinal, byte[] json) {}

  /**
   * Ends a run. Fails as {@link TaskService#execute(TaskId, Command)} does, with {@link
   * PayloadTooLarge}, with {@link InvalidRequest} if a payload has not been uploaded completely,
   * and with {@link Unstorable}.
   */
  public CompletionStage<Decision> complete(TaskId id, Command.Complete complete) {
    List<LargePayload> large = large(complete.results());
    boolean uploaded = complete.results().stream().anyMatch(draft -> draft.payload() == null);
    if (large.isEmpty() && !uploaded) {
      return tasks.execute(id, complete);
    }
    return tasks
        .get(id)
        .thenCompose(
            task ->
                mayEnd(task, complete)
                    ? requireUploads(id, complete)
                        .thenCompose(checked -> storeAndComplete(task, complete, large))
                    // Rejected, or the repetition of an accepted end: the payloads may be gone.
                    : tasks
                        .execute(id, complete)
                        .thenCompose(decision -> discardUnlisted(complete, decision)));
  }

  private List<LargePayload> large(List<ResultDraft> drafts) {
    List<LargePayload> large = new ArrayList<>();
    long total = 0;
    long kept = 0;
    for (int i = 0; i < drafts.size(); i++) {
      JsonNode payload = drafts.get(i).payload();
      if (payload == null) {
        continue;
      }
      byte[] json = payload.toString().getBytes(StandardCharsets.UTF_8);
      total += json.length;
      if (json.length > MAX_RECORD_BYTES || kept + json.length > MAX_DRAFT_BYTES) {
        large.add(new LargePayload(i, json));
      } else {
        kept += json.length;
      }
    }
    if (total > maxInlineBytes) {
      throw new PayloadTooLarge(
          "results must be at most "
              + maxInlineBytes
              + " bytes in total (was "
              + total
              + "); upload larger payloads with PUT /task/{id}/results/{n}");
    }
    return large;
  }

  private CompletionStage<Void> requireUploads(TaskId id, Command.Complete complete) {
    List<CompletionStage<Void>> checks = new ArrayList<>();
    for (int i = 0; i < complete.results().size(); i++) {
      int ordinal = i;
      Long bytes = complete.results().get(i).storedBytes();
      if (bytes != null) {
        checks.add(
            payloads
                .isComplete(resultId(id, complete, ordinal), bytes)
                .thenAccept(stored -> requireUploaded(stored, ordinal, bytes)));
      }
    }
    return Stages.all(checks);
  }

  private static void requireUploaded(boolean stored, int ordinal, long bytes) {
    if (!stored) {
      throw InvalidRequest.field(
          "/results/" + ordinal + "/uploaded",
          "must be the size of a payload that was uploaded completely for this result (was "
              + bytes
              + ")");
    }
  }

  private static ResultId resultId(TaskId id, Command.Complete complete, int ordinal) {
    return ResultId.submitted(id, complete.run().token(), complete.submission(), ordinal);
  }

  private CompletionStage<Decision> storeAndComplete(
      Task task, Command.Complete complete, List<LargePayload> large) {
    PayloadPart.Owner owner =
        new PayloadPart.Owner(
            task.id(), complete.run().attempt(), complete.run().token(), complete.submission());
    List<ResultDraft> drafts = new ArrayList<>(complete.results());
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (LargePayload payload : large) {
      int ordinal = payload.ordinal();
      drafts.set(
          ordinal, ResultDraft.stored(payload.json().length, drafts.get(ordinal).generator()));
      writes.add(payloads.store(resultId(task.id(), complete, ordinal), owner, payload.json()));
    }
    Command.Complete prepared = complete.with(drafts);
    return Stages.all(writes)
        .thenCompose(stored -> tasks.execute(task.id(), prepared))
        .thenCompose(decision -> discardUnlisted(prepared, decision));
  }

  /**
   * Whether reports under this claim are about the run that the task is in. Once this is false, it
   * stays false.
   */
  public static boolean isCurrent(Task task, String run, @Nullable String claimId) {
    Lease lease = task.run().lease();
    return isOpen(task, run) && (lease == null ? claimId == null : lease.claimId().equals(claimId));
  }

  /** Whether the end may be accepted. Once this is false, it stays false. */
  private static boolean mayEnd(Task task, Command.Complete complete) {
    Lease lease = task.run().lease();
    return isOpen(task, complete.run().token())
        && (lease == null || lease.claimId().equals(complete.from().claimId()));
  }

  private static boolean isOpen(Task task, String run) {
    return !task.deleted() && task.run().token().equals(run) && !task.state().isFinished();
  }

  /** Removes the payloads of a submission that the task does not list. */
  private CompletionStage<Decision> discardUnlisted(Command.Complete complete, Decision decision) {
    Task task = decision.task();
    ResultRun submitted =
        new ResultRun(
            complete.run().attempt(),
            complete.run().token(),
            complete.submission(),
            complete.results().size(),
            List.of());
    if (task.resultRuns().stream().anyMatch(submitted::isSameSubmission)) {
      return CompletableFuture.completedStage(decision);
    }
    List<CompletionStage<Void>> removals = new ArrayList<>();
    for (int i = 0; i < complete.results().size(); i++) {
      Long bytes = complete.results().get(i).storedBytes();
      if (bytes != null) {
        removals.add(payloads.remove(resultId(task.id(), complete, i), bytes));
      }
    }
    return Stages.all(removals)
        .handle((removed, failure) -> Objects.requireNonNull(decision, "decision"));
  }
}

package dev.docket.explain;

import dev.docket.task.Policy;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings for a task that has ended. */
final class EndFindings {

  private EndFindings() {}

  static List<Finding> of(Task task, Evidence evidence) {
    Transition last = ExplanationText.lastTransition(task);
    Finding end =
        switch (task.state()) {
          case SUCCESS -> succeeded(task);
          case CANCELLED ->
              Finding.of(
                  Finding.Kind.CANCELLED, "The task was cancelled at " + endedAt(task, last) + ".");
          default -> failed(task, last, evidence.policy());
        };
    return List.of(
        end.with(
                "finished_at",
                task.run().finishedAt() == null ? last.at() : task.run().finishedAt())
            .with("attempt", task.run().attempt())
            .with("by", last.by())
            .with("principal", last.principal())
            .with("from", last.from() == null ? null : last.from().number())
            .with("message", task.message().isEmpty() ? null : task.message())
            .with("queued_ms", task.run().queuedMs())
            .with("run_ms", task.run().runMs()));
  }

  private static Finding succeeded(Task task) {
    ResultRun latest = task.latestResults();
    int results = latest == null || latest.attempt() != task.run().attempt() ? 0 : latest.count();
    Long runMs = task.run().runMs();
    return Finding.of(
            Finding.Kind.SUCCEEDED,
            "The task succeeded at "
                + endedAt(task, ExplanationText.lastTransition(task))
                + (runMs == null
                    ? ""
                    : ", after a run of " + ExplanationText.rounded(Duration.ofMillis(runMs)))
                + ", with "
                + ExplanationText.count(results, "result", "results")
                + ".")
        .with("results", results);
  }

  private static Finding failed(Task task, Transition last, @Nullable Policy policy) {
    Integer maxAttempts = policy == null ? null : policy.maxAttempts(task);
    boolean exhausted = maxAttempts != null && task.run().failures() >= maxAttempts;
    String reason =
        exhausted && isRetryable(task, last)
            ? "failure " + task.run().failures() + " of " + maxAttempts
            : "this kind of failure is not retried";
    return Finding.of(
            Finding.Kind.FAILED,
            "The task failed permanently at "
                + endedAt(task, last)
                + " with "
                + ExplanationText.state(task.state())
                + ExplanationText.quoted(task.message())
                + " ("
                + reason
                + "). Fix the cause, then retry the task.")
        .with("failures", task.run().failures())
        .with("max_attempts", maxAttempts);
  }

  /** Whether the server retries this kind of failure until the attempts are used up. */
  private static boolean isRetryable(Task task, Transition last) {
    return task.state().isRetryable()
        || (task.state() == TaskState.ERROR
            && List.of("lease_lost", "unanswered").contains(last.by()));
  }

  private static String endedAt(Task task, Transition last) {
    Instant finished = task.run().finishedAt();
    return ExplanationText.at(finished == null ? last.at() : finished);
  }
}

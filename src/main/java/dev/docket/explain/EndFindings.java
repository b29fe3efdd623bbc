package dev.docket.explain;

import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a task that has ended. */
final class EndFindings {

  private EndFindings() {}

  static List<Finding> of(Task task, Evidence evidence) {
    Transition last = ExplanationText.lastMove(task);
    Finding end =
        switch (task.state()) {
          case SUCCESS -> succeeded(task);
          case CANCELLED ->
              Finding.of(Finding.Kind.CANCELLED, "It was cancelled at " + when(task, last) + ".");
          default -> failed(task, last, evidence.policy());
        };
    return List.of(
        end.with("finished_at", task.finishedAt() == null ? last.at() : task.finishedAt())
            .with("attempt", task.attempt())
            .with("by", last.by())
            .with("from", last.from() == null ? null : last.from().number())
            .with("message", task.message().isEmpty() ? null : task.message())
            .with("queued_ms", task.queuedMs())
            .with("run_ms", task.runMs()));
  }

  private static Finding succeeded(Task task) {
    RunResults results = task.results();
    Long ran = task.runMs();
    return Finding.of(
            Finding.Kind.SUCCEEDED,
            "It ended well at "
                + when(task, ExplanationText.lastMove(task))
                + (ran == null
                    ? ""
                    : ", after " + ExplanationText.about(Duration.ofMillis(ran)) + " of work")
                + (results == null
                    ? ""
                    : ", with " + ExplanationText.count(results.count(), "result", "results"))
                + ".")
        .with("results", results == null ? 0 : results.count());
  }

  private static Finding failed(Task task, Transition last, @Nullable Policy policy) {
    Integer allowed = policy == null ? null : policy.maxAttempts(task);
    boolean usedUp = allowed != null && task.failures() >= allowed;
    String again =
        usedUp && retried(task, last)
            ? "it was failure " + task.failures() + " of " + allowed
            : "a failure of this kind is not tried again";
    return Finding.of(
            Finding.Kind.FAILED,
            "It failed for good at "
                + when(task, last)
                + " with "
                + ExplanationText.state(task.state())
                + ExplanationText.said(task.message())
                + " ("
                + again
                + ").")
        .with("failures", task.failures())
        .with("max_attempts", allowed);
  }

  /** Whether it would have been tried again, had it not failed so often. */
  private static boolean retried(Task task, Transition last) {
    return task.state().isRetried()
        || (task.state() == TaskState.ERROR
            && List.of("lease_lost", "unanswered").contains(last.by()));
  }

  private static String when(Task task, Transition last) {
    Instant finished = task.finishedAt();
    return ExplanationText.at(finished == null ? last.at() : finished);
  }
}

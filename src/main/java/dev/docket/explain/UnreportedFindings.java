package dev.docket.explain;

import dev.docket.task.Task;
import dev.docket.task.Transition;
import dev.docket.task.machine.TaskMachine;
import java.util.Optional;

/** Findings for a task that polls granted and on which the workers sent no report. */
final class UnreportedFindings {

  private UnreportedFindings() {}

  /** For a task that the server has taken back and publishes again at a time. */
  static Finding givenBack(Task task, Transition last, String when) {
    return Finding.of(
            Finding.Kind.GIVEN_BACK,
            "The server took the task back from a worker"
                + ExplanationText.quoted(task.message())
                + ". This alone does not count as a failure. The server publishes the task again"
                + " at "
                + when
                + ".")
        .with("given_back_at", last.at())
        .with("by", last.by());
  }

  /** For a task that has not ended and that was taken back before. */
  static Optional<Finding> soFar(Task task) {
    int times = task.run().unreportedGrants();
    if (times == 0 || task.state().isFinished()) {
      return Optional.empty();
    }
    String reason =
        task.history().stream()
            .filter(transition -> transition.by().equals("lease_lost"))
            .reduce((first, latest) -> latest)
            .map(Transition::message)
            .orElse("no report after the claim");
    return Optional.of(
        Finding.of(
                Finding.Kind.UNREPORTED,
                "The server took the task back "
                    + (times == 1 ? "once" : times + " times in a row")
                    + ", because no report came from the worker to which a poll had granted it ("
                    + reason
                    + "). "
                    + TaskMachine.MAX_UNREPORTED_GRANTS
                    + " times in a row count as one failure. If workers die as soon as they receive"
                    + " the task, look at their logs.")
            .with("times", times)
            .with("counts_at", TaskMachine.MAX_UNREPORTED_GRANTS)
            .with("latest", reason));
  }
}

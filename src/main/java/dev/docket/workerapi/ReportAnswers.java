package dev.docket.workerapi;

import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.machine.Decision;
import dev.docket.wire.ReportAnswer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answers to report items. */
final class ReportAnswers {

  private ReportAnswers() {}

  static ReportAnswer ok() {
    return new ReportAnswer(200, null, null, null, null, null, false);
  }

  static ReportAnswer taken(Task task) {
    return new ReportAnswer(
        200,
        null,
        task.state().number(),
        task.attempt(),
        null,
        null,
        task.cancelRequestedAt() != null);
  }

  static ReportAnswer granted(Task task, @Nullable Duration timeout) {
    Lease lease = task.lease();
    return new ReportAnswer(
        200,
        null,
        task.state().number(),
        task.attempt(),
        lease == null ? null : lease.seconds(),
        timeout == null ? null : timeout.toSeconds(),
        task.cancelRequestedAt() != null);
  }

  public static ReportAnswer refused(Decision.Refused refused) {
    Task task = refused.task();
    return new ReportAnswer(
        409, refused.why(), task.state().number(), task.attempt(), null, null, false);
  }

  static ReportAnswer no(Problem problem) {
    return new ReportAnswer(
        ProblemBody.of(problem).status(), problem.getMessage(), null, null, null, null, false);
  }

  static ReportAnswer again() {
    return new ReportAnswer(
        503, "it could not be decided, send it again", null, null, null, null, false);
  }
}

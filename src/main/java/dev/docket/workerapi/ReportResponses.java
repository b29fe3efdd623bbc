package dev.docket.workerapi;

import dev.docket.document.Document;
import dev.docket.http.Problem;
import dev.docket.http.ProblemBody;
import dev.docket.protocol.MessageBody;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.machine.Decision;
import dev.docket.wire.ReportResponse;
import dev.docket.wire.TaskMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Creates the responses to report items. */
final class ReportResponses {

  private ReportResponses() {}

  static ReportResponse ok() {
    return new ReportResponse(200, null, null, null, null, null, false);
  }

  /** Accepted, with something that the worker should know. */
  static ReportResponse ok(String note) {
    return new ReportResponse(200, note, null, null, null, null, false);
  }

  static ReportResponse accepted(Task task) {
    return new ReportResponse(
        200,
        null,
        task.state().number(),
        task.run().attempt(),
        null,
        null,
        task.run().cancelRequestedAt() != null);
  }

  static ReportResponse granted(Task task, @Nullable Duration timeout) {
    Lease lease = task.run().lease();
    return new ReportResponse(
        200,
        null,
        task.state().number(),
        task.run().attempt(),
        lease == null ? null : lease.seconds(),
        timeout == null ? null : timeout.toSeconds(),
        changedDocument(task),
        task.run().cancelRequestedAt() != null);
  }

  /** The message may carry an earlier version of a document that has changed. */
  private static TaskMessage.@Nullable DocumentPart changedDocument(Task task) {
    return task.spec().document().version() == Document.FIRST_VERSION
        ? null
        : MessageBody.of(task).document();
  }

  static ReportResponse refused(Decision.Refused refused) {
    Task task = refused.task();
    return new ReportResponse(
        409, refused.detail(), task.state().number(), task.run().attempt(), null, null, false);
  }

  static ReportResponse error(Problem problem) {
    return new ReportResponse(
        ProblemBody.of(problem).status(), problem.getMessage(), null, null, null, null, false);
  }

  static ReportResponse sendAgain() {
    return new ReportResponse(
        503, "the report could not be processed; send it again", null, null, null, null, false);
  }
}

package dev.docket.explain;

import dev.docket.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Explains why a task is in its state; a pure function of the task's record and the evidence. */
final class Explainer {

  private Explainer() {}

  static Explanation explain(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    if (evidence.policy() == null && !task.state().isFinished()) {
      findings.add(
          Finding.of(
                  Finding.Kind.COURIER_UNKNOWN,
                  "The task's worker protocol, "
                      + task.run().protocol()
                      + ", is not configured on this server, so the server does not process the"
                      + " task.")
              .with("courier", task.run().protocol()));
    }
    LimitFindings.held(task, evidence.limits()).ifPresent(findings::add);
    findings.addAll(
        switch (task.state()) {
          case CREATED, TASK_RESET -> PublishFindings.of(task, evidence, now);
          case QUEUED -> QueueFindings.of(task, evidence, now);
          case NO_ROUTE_TO_QUEUE -> RouteFindings.of(task, evidence);
          case UNFINISHED_DEPENDENCY, FAILED_DEPENDENCY ->
              DependencyFindings.of(task, evidence, now);
          case PROCESSING -> RunFindings.of(task, evidence, now);
          case SUCCESS,
              BAD_REQUEST,
              ACCESS_DENIED,
              NOT_FOUND,
              TIMED_OUT,
              CANCELLED,
              ERROR,
              ERROR_INVALID_INPUT,
              ERROR_PROXY ->
              EndFindings.of(task, evidence);
        });
    UnreportedFindings.soFar(task).ifPresent(findings::add);
    findings.addAll(OutboxFindings.of(task, now));
    if (evidence.storeError() != null) {
      findings.add(
          Finding.of(
              Finding.Kind.STORE_UNAVAILABLE,
              "This explanation is incomplete, because the store is unavailable: "
                  + evidence.storeError()
                  + "."));
    }
    return new Explanation(
        task.id(),
        task.key(),
        task.state().number(),
        task.state().name(),
        now,
        findings.get(0).text(),
        findings);
  }
}

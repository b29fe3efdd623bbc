package dev.docket.explain;

import dev.docket.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Says why a task stands where it stands: a pure function of its record and of the evidence. */
final class Explainer {

  private Explainer() {}

  static Explanation explain(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    if (evidence.policy() == null && !task.state().isFinished()) {
      findings.add(
          Finding.of(
                  Finding.Kind.COURIER_UNKNOWN,
                  "Its courier, "
                      + task.spec().protocol()
                      + ", is not configured any more, so the server does nothing for it.")
              .with("courier", task.spec().protocol()));
    }
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
    findings.addAll(OutboxFindings.of(task, now));
    if (evidence.store() != null) {
      findings.add(
          Finding.of(
              Finding.Kind.STORE_UNAVAILABLE,
              "Not all could be looked up: " + evidence.store() + "."));
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

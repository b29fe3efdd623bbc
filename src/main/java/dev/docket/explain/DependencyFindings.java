package dev.docket.explain;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Findings for a task that waits for its dependencies (412) or failed because of one (424). */
final class DependencyFindings {

  /** Maximum number of dependencies that are listed; of the rest, only the number is given. */
  static final int MAX_DEPENDENCIES = 20;

  /** Maximum number of dependencies that a sentence names. */
  static final int MAX_NAMED = 3;

  /** The beginning of the cause of a transition that a worker's failure report has caused. */
  private static final String WORKER_REPORT = "fail ";

  private DependencyFindings() {}

  /** Returns the dependencies that the task still waits for, or failed because of. */
  static List<Dependency> unmet(Task task) {
    boolean run = task.spec().onDependencyFailure() == OnDependencyFailure.RUN;
    return task.dependsOn().stream()
        .filter(d -> d.state() != TaskState.SUCCESS && !(run && d.state() != null))
        .toList();
  }

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    List<Dependency> unmet = unmet(task);
    if (task.state() == TaskState.FAILED_DEPENDENCY) {
      findings.add(failed(task));
    } else if (task.waitAny()) {
      findings.add(anySuccess(task, evidence.dependencies()));
      findings.addAll(NeededTaskFindings.candidates(evidence.dependencies()));
    } else {
      findings.add(waitsFor(task, unmet));
    }
    for (Dependency dependency : unmet.subList(0, Math.min(MAX_DEPENDENCIES, unmet.size()))) {
      findings.add(NeededTaskFindings.of(task, dependency, evidence.dependencies()));
    }
    if (unmet.size() > MAX_DEPENDENCIES) {
      findings.add(
          Finding.of(
                  Finding.Kind.MORE_DEPENDENCIES,
                  ExplanationText.count(
                          unmet.size() - MAX_DEPENDENCIES,
                          "more dependency is",
                          "more dependencies are")
                      + " not listed.")
              .with("more", unmet.size() - MAX_DEPENDENCIES));
    }
    Instant due = task.run().dueAt();
    if (due != null && due.isAfter(now) && !task.waitAny()) {
      findings.add(
          Finding.of(
                  Finding.Kind.NOT_BEFORE,
                  "Even if its dependencies succeed, the server publishes the task no earlier than "
                      + ExplanationText.at(due)
                      + ".")
              .with("due_at", due));
    }
    return findings;
  }

  private static Finding waitsFor(Task task, List<Dependency> unmet) {
    String names =
        unmet.stream().limit(MAX_NAMED).map(d -> d.key().value()).collect(Collectors.joining(", "));
    String more = unmet.size() > MAX_NAMED ? " and " + (unmet.size() - MAX_NAMED) + " more" : "";
    return Finding.of(
            Finding.Kind.WAITS_FOR,
            unmet.isEmpty()
                ? "All dependencies of the task have ended; the server is about to publish it."
                : asked(task)
                    + "The task is waiting for "
                    + ExplanationText.count(unmet.size(), "other task", "other tasks")
                    + " to succeed: "
                    + names
                    + more
                    + ".")
        .with("document", task.spec().document().id().value())
        .with("unfinished", unmet.size())
        .with("depends_on", task.dependsOn().size())
        .with("on_dependency_failure", task.spec().onDependencyFailure());
  }

  /** Who asked for the dependencies, if the task did not have them when it was submitted. */
  private static String asked(Task task) {
    Transition last = ExplanationText.lastTransition(task);
    return last.by().startsWith(WORKER_REPORT)
        ? "Worker "
            + last.by().substring(WORKER_REPORT.length())
            + " reported at "
            + ExplanationText.at(last.at())
            + " that it needs other tasks of document "
            + task.spec().document().id()
            + " first"
            + ExplanationText.quoted(task.message())
            + ". "
        : "";
  }

  private static Finding anySuccess(Task task, @Nullable Map<TaskId, Task> others) {
    Instant due = task.run().dueAt();
    String document = task.spec().document().id().value();
    return Finding.of(
            Finding.Kind.ANY_SUCCESS,
            "The worker reported an unfinished dependency without naming it. The task is waiting"
                + " for any other task of its document to succeed"
                + (due == null
                    ? "."
                    : "; it runs again at " + ExplanationText.at(due) + " in any case.")
                + (others != null && others.isEmpty()
                    ? " Document "
                        + document
                        + " has no other task that could succeed: submit the one that the worker"
                        + " needs"
                        + ExplanationText.quoted(task.message())
                        + "."
                    : ""))
        .with("document", document)
        .with("due_at", due)
        .with("message", task.message().isEmpty() ? null : task.message());
  }

  private static Finding failed(Task task) {
    Transition last = ExplanationText.lastTransition(task);
    boolean cycle = last.by().startsWith("in_cycle");
    return Finding.of(
            Finding.Kind.FAILED_DEPENDENCY,
            "The task failed without running at "
                + ExplanationText.at(last.at())
                + ExplanationText.quoted(task.message())
                + (cycle
                    ? ". Only a forced retry runs it."
                    : ". It runs when the failed dependency is retried and succeeds."))
        .with("finished_at", last.at())
        .with("message", task.message())
        .with("on_dependency_failure", task.spec().onDependencyFailure());
  }
}

package dev.docket.explain;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import dev.docket.task.machine.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Findings for a task that waits for its dependencies (412) or failed because of one (424). */
final class DependencyFindings {

  /** Maximum number of dependencies that are listed; of the rest, only the number is given. */
  static final int MAX_DEPENDENCIES = 20;

  private static final int MAX_NAMED = 3;

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
      findings.add(anySuccess(task));
    } else {
      findings.add(waitsFor(task, unmet));
    }
    Map<TaskId, Task> found = evidence.dependencies();
    for (Dependency dependency : unmet.subList(0, Math.min(MAX_DEPENDENCIES, unmet.size()))) {
      findings.add(
          found == null
              ? lastKnown(dependency)
              : found.containsKey(dependency.id())
                  ? current(task, dependency, found.get(dependency.id()))
                  : missing(task, dependency));
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
    Instant due = task.dueAt();
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
                : "The task is waiting for "
                    + ExplanationText.count(unmet.size(), "other task", "other tasks")
                    + " to succeed: "
                    + names
                    + more
                    + ".")
        .with("unfinished", unmet.size())
        .with("depends_on", task.dependsOn().size())
        .with("on_dependency_failure", task.spec().onDependencyFailure());
  }

  private static Finding anySuccess(Task task) {
    Instant due = task.dueAt();
    return Finding.of(
            Finding.Kind.ANY_SUCCESS,
            "The worker reported an unfinished dependency without naming it. The task is waiting"
                + " for any other task of its document to succeed"
                + (due == null
                    ? "."
                    : "; it runs again at " + ExplanationText.at(due) + " in any case."))
        .with("document", task.spec().document().id().value())
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

  private static Finding lastKnown(Dependency dependency) {
    TaskState state = dependency.state();
    return about(
            Finding.Kind.DEPENDENCY,
            dependency,
            dependency.key()
                + (state == null
                    ? " has not notified this task of its end"
                    : " ended with "
                        + ExplanationText.state(state)
                        + " when it last notified this task")
                + "; its current state is unknown.")
        .with("state", state == null ? null : state.number());
  }

  private static Finding current(Task task, Dependency dependency, Task found) {
    String state = ExplanationText.state(found.state());
    Finding finding;
    if (!found.state().isFinished()) {
      finding =
          about(
              Finding.Kind.DEPENDENCY,
              dependency,
              dependency.key()
                  + " is in state "
                  + state
                  + ExplanationText.quoted(found.message())
                  + ".");
    } else if (found.state() != dependency.state() || found.attempt() != dependency.attempt()) {
      finding =
          about(
              Finding.Kind.DEPENDENCY_ENDED,
              dependency,
              dependency.key()
                  + " has ended with "
                  + state
                  + "; this task has not been notified yet.");
    } else {
      boolean waits =
          task.state() == TaskState.UNFINISHED_DEPENDENCY
              && task.spec().onDependencyFailure() == OnDependencyFailure.WAIT;
      finding =
          about(
              Finding.Kind.DEPENDENCY_FAILED,
              dependency,
              dependency.key()
                  + " has ended with "
                  + state
                  + ExplanationText.quoted(found.message())
                  + (waits
                      ? ". This task keeps waiting, because its on_dependency_failure is wait."
                      : "."));
    }
    return finding
        .with("state", found.state().number())
        .with("attempt", found.attempt())
        .with("finished_at", found.finishedAt())
        .with("updated_at", found.updatedAt())
        .with("message", found.message().isEmpty() ? null : found.message());
  }

  private static Finding missing(Task task, Dependency dependency) {
    boolean registering =
        task.outbox().stream().anyMatch(p -> p.effect() instanceof Effect.Register);
    if (registering && dependency.state() == null) {
      return about(
          Finding.Kind.DEPENDENCY,
          dependency,
          dependency.key() + " has not been created yet, or has been deleted.");
    }
    String consequence =
        dependency.state() == null
            ? " This task has not been notified yet; it treats a deleted dependency as failed."
            : task.state() == TaskState.UNFINISHED_DEPENDENCY
                ? " This task waits until someone force-retries or deletes it."
                : " Only a forced retry runs this task.";
    return about(
        Finding.Kind.DEPENDENCY_GONE,
        dependency,
        dependency.key() + " has been deleted." + consequence);
  }

  private static Finding about(Finding.Kind kind, Dependency dependency, String text) {
    return Finding.of(kind, text)
        .with("task", dependency.id().value())
        .with("key", dependency.key().value());
  }
}

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

/** Of a task that waits for others (412), or failed with them (424). */
final class DependencyFindings {

  /** How many are looked at; of more only the number is said. */
  static final int MAX_DEPENDENCIES = 20;

  private static final int MAX_NAMED = 3;

  private DependencyFindings() {}

  /** The tasks that it still waits for, or failed with. */
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
      findings.add(any(task));
    } else {
      findings.add(waits(task, unmet));
    }
    Map<TaskId, Task> others = evidence.others();
    for (Dependency dependency : unmet.subList(0, Math.min(MAX_DEPENDENCIES, unmet.size()))) {
      findings.add(
          others == null
              ? known(dependency)
              : others.containsKey(dependency.id())
                  ? there(task, dependency, others.get(dependency.id()))
                  : gone(task, dependency));
    }
    if (unmet.size() > MAX_DEPENDENCIES) {
      findings.add(
          Finding.of(
                  Finding.Kind.MORE_DEPENDENCIES,
                  "And " + (unmet.size() - MAX_DEPENDENCIES) + " more.")
              .with("more", unmet.size() - MAX_DEPENDENCIES));
    }
    Instant due = task.dueAt();
    if (due != null && due.isAfter(now) && !task.waitAny()) {
      findings.add(
          Finding.of(
                  Finding.Kind.NOT_BEFORE,
                  "Even then it is not to be sent before " + ExplanationText.at(due) + ".")
              .with("due_at", due));
    }
    return findings;
  }

  private static Finding waits(Task task, List<Dependency> unmet) {
    String names =
        unmet.stream().limit(MAX_NAMED).map(d -> d.key().value()).collect(Collectors.joining(", "));
    String more = unmet.size() > MAX_NAMED ? " and " + (unmet.size() - MAX_NAMED) + " more" : "";
    return Finding.of(
            Finding.Kind.WAITS_FOR,
            unmet.isEmpty()
                ? "What it waited for is done; it is about to be sent."
                : "It waits for "
                    + ExplanationText.count(unmet.size(), "task", "tasks")
                    + " to succeed: "
                    + names
                    + more
                    + ".")
        .with("unfinished", unmet.size())
        .with("depends_on", task.dependsOn().size())
        .with("on_dependency_failure", task.spec().onDependencyFailure());
  }

  private static Finding any(Task task) {
    Instant due = task.dueAt();
    return Finding.of(
            Finding.Kind.ANY_SUCCESS,
            "Its worker needs something else done first and did not say what: it waits for the next"
                + " success of any task of its document"
                + (due == null
                    ? "."
                    : ", and looks again at " + ExplanationText.at(due) + " in any case."))
        .with("document", task.spec().document().id().value())
        .with("due_at", due)
        .with("message", task.message().isEmpty() ? null : task.message());
  }

  private static Finding failed(Task task) {
    Transition last = ExplanationText.lastMove(task);
    boolean cycle = last.by().startsWith("in_cycle");
    return Finding.of(
            Finding.Kind.FAILED_DEPENDENCY,
            "It ended without a run at "
                + ExplanationText.at(last.at())
                + ExplanationText.said(task.message())
                + (cycle
                    ? "; only a forced retry runs it."
                    : "; it runs if what it needs is retried and succeeds."))
        .with("finished_at", last.at())
        .with("message", task.message())
        .with("on_dependency_failure", task.spec().onDependencyFailure());
  }

  private static Finding known(Dependency dependency) {
    TaskState state = dependency.state();
    return about(
            Finding.Kind.DEPENDENCY,
            dependency,
            dependency.key()
                + (state == null
                    ? " had not ended when it last said something."
                    : " ended with "
                        + ExplanationText.state(state)
                        + " when it last said something."))
        .with("state", state == null ? null : state.number());
  }

  private static Finding there(Task task, Dependency dependency, Task other) {
    String name = dependency.key() + " is " + ExplanationText.state(other.state());
    Finding finding;
    if (!other.state().isFinished()) {
      finding =
          about(
              Finding.Kind.DEPENDENCY,
              dependency,
              name + ExplanationText.said(other.message()) + ".");
    } else if (other.state() != dependency.state() || other.attempt() != dependency.attempt()) {
      finding =
          about(
              Finding.Kind.DEPENDENCY_ENDED,
              dependency,
              name + ": it has ended, and this task has not been told yet.");
    } else {
      boolean waits =
          task.state() == TaskState.UNFINISHED_DEPENDENCY
              && task.spec().onDependencyFailure() == OnDependencyFailure.WAIT;
      finding =
          about(
              Finding.Kind.DEPENDENCY_FAILED,
              dependency,
              name
                  + ExplanationText.said(other.message())
                  + (waits ? "; this task goes on waiting, as it was told to." : "."));
    }
    return finding
        .with("state", other.state().number())
        .with("attempt", other.attempt())
        .with("finished_at", other.finishedAt())
        .with("updated_at", other.updatedAt())
        .with("message", other.message().isEmpty() ? null : other.message());
  }

  private static Finding gone(Task task, Dependency dependency) {
    boolean registering =
        task.outbox().stream().anyMatch(p -> p.effect() instanceof Effect.Register);
    if (registering && dependency.state() == null) {
      return about(
          Finding.Kind.DEPENDENCY, dependency, dependency.key() + " is not there yet, or is gone.");
    }
    String then =
        dependency.state() == null
            ? "this task has not been told yet, and takes it for failed when it is."
            : task.state() == TaskState.UNFINISHED_DEPENDENCY
                ? "this task goes on waiting, until somebody forces or deletes it."
                : "only a forced retry runs this task.";
    return about(
        Finding.Kind.DEPENDENCY_GONE, dependency, dependency.key() + " has been deleted: " + then);
  }

  private static Finding about(Finding.Kind kind, Dependency dependency, String text) {
    return Finding.of(kind, text)
        .with("task", dependency.id().value())
        .with("key", dependency.key().value());
  }
}

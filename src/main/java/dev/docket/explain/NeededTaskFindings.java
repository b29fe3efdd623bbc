package dev.docket.explain;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One finding for each task that another one waits for: its state, and what it needs. */
final class NeededTaskFindings {

  private NeededTaskFindings() {}

  /** The finding for a dependency. */
  static Finding of(Task task, Dependency dependency, @Nullable Map<TaskId, Task> found) {
    if (found == null) {
      return lastKnown(dependency);
    }
    Task needed = found.get(dependency.id());
    return needed == null ? missing(task, dependency) : current(task, dependency, needed);
  }

  /** The tasks that can end the wait for any success. */
  static List<Finding> candidates(@Nullable Map<TaskId, Task> others) {
    return others == null
        ? List.of()
        : others.values().stream()
            .sorted(Comparator.comparing(Task::id, Comparator.comparing(TaskId::value)))
            .limit(DependencyFindings.MAX_DEPENDENCIES)
            .map(
                other ->
                    withState(
                        Finding.of(
                                Finding.Kind.DEPENDENCY,
                                other.key()
                                    + " is in state "
                                    + ExplanationText.state(other.state())
                                    + ExplanationText.quoted(other.message())
                                    + "."
                                    + whatItNeeds(other))
                            .with("task", other.id().value())
                            .with("key", other.key().value()),
                        other))
            .toList();
  }

  /** What an unfinished dependency waits for, if that is not only a matter of time. */
  private static String whatItNeeds(Task dependency) {
    if (dependency.run().isManual() && dependency.state().isClaimable()) {
      return " It is waiting for a person to claim it.";
    }
    return switch (dependency.state()) {
      case NO_ROUTE_TO_QUEUE ->
          " Start a worker for key "
              + dependency.key()
              + " and type "
              + dependency.spec().document().target().type().wire()
              + ".";
      case QUEUED -> " It is waiting for a worker of key " + dependency.key() + ".";
      case UNFINISHED_DEPENDENCY -> whatItWaitsFor(dependency);
      case FAILED_DEPENDENCY ->
          " It runs again by itself when its own dependencies have succeeded, or when someone"
              + " retries it.";
      case BAD_REQUEST,
          ACCESS_DENIED,
          NOT_FOUND,
          TIMED_OUT,
          CANCELLED,
          ERROR,
          ERROR_INVALID_INPUT,
          ERROR_PROXY ->
          " It does not run again until someone retries it.";
      case CREATED, TASK_RESET, PROCESSING, SUCCESS -> "";
    };
  }

  private static String whatItWaitsFor(Task dependency) {
    if (dependency.waitAny()) {
      return " It is itself waiting for any other task of its document.";
    }
    List<Dependency> unmet = DependencyFindings.unmet(dependency);
    if (unmet.isEmpty()) {
      return " Its own dependencies have succeeded; it is about to be published.";
    }
    int more = unmet.size() - DependencyFindings.MAX_NAMED;
    return " It is itself waiting for "
        + unmet.stream()
            .limit(DependencyFindings.MAX_NAMED)
            .map(d -> d.key().value())
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more." : ".");
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
                  + "."
                  + whatItNeeds(found));
    } else if (found.state() != dependency.state()
        || found.run().attempt() != dependency.attempt()) {
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
    return withState(finding, found);
  }

  private static Finding withState(Finding finding, Task found) {
    return finding
        .with("document", found.spec().document().id().value())
        .with("state", found.state().number())
        .with("attempt", found.run().attempt())
        .with("finished_at", found.run().finishedAt())
        .with("updated_at", found.updatedAt())
        .with("message", found.message().isEmpty() ? null : found.message());
  }

  private static Finding missing(Task task, Dependency dependency) {
    String document = task.spec().document().id().value();
    Effect.NeededTask needed = pendingRegistration(task, dependency);
    if (needed != null && dependency.state() == null) {
      return about(
              Finding.Kind.DEPENDENCY,
              dependency,
              needed.args() != null
                  ? "There is no task "
                      + dependency.key()
                      + " on document "
                      + document
                      + " yet; the server is about to create it."
                  : dependency.key()
                      + " has been deleted. The server is about to notify this task, which treats"
                      + " a deleted dependency as failed.")
          .with("document", document);
    }
    String consequence =
        dependency.state() == null
            ? " This task has not been notified yet; it treats a deleted dependency as failed."
            : task.state() == TaskState.UNFINISHED_DEPENDENCY
                ? " This task waits until someone force-retries or deletes it."
                : dependency.id().equals(TaskId.of(task.spec().document().id(), dependency.key()))
                    ? " Submit key "
                        + dependency.key()
                        + " for document "
                        + document
                        + " again and then retry this task, or run it without that by a forced"
                        + " retry."
                    : " Only a forced retry runs this task.";
    return about(
            Finding.Kind.DEPENDENCY_GONE,
            dependency,
            dependency.key() + " has been deleted." + consequence)
        .with("document", document);
  }

  /**
   * The registration with this dependency that is still in the outbox; null if the outbox does not
   * have it.
   */
  private static Effect.@Nullable NeededTask pendingRegistration(Task task, Dependency dependency) {
    for (PendingEffect pending : task.outbox()) {
      if (pending.effect() instanceof Effect.Register register) {
        for (Effect.NeededTask needed : register.needed()) {
          if (needed.id().equals(dependency.id())) {
            return needed;
          }
        }
      }
    }
    return null;
  }

  private static Finding about(Finding.Kind kind, Dependency dependency, String text) {
    return Finding.of(kind, text)
        .with("task", dependency.id().value())
        .with("key", dependency.key().value());
  }
}

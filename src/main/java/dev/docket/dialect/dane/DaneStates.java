package dev.docket.dialect.dane;

import dev.docket.store.Versioned;
import dev.docket.task.Dependency;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Translates Docket's states to the numbers that DANE's clients know. Batch clients poll while a
 * task is 102 or 201, and while it is 412 as long as no other task of its document is in one of
 * {@link #KNOWN_FAILURES}; each number here must let them come to an end.
 *
 * <p>A task that ended without success has the number that its worker gave. A task whose dependency
 * failed (424) is 412 as long as such a client finds out by other means: the dependency exists and
 * either runs again, or shows its failure on the same document. Otherwise it is 500.
 */
public final class DaneStates {

  /** The failures that batch clients look for on the document of a task that is 412. */
  private static final Set<Integer> KNOWN_FAILURES = Set.of(400, 403, 404, 500, 502, 503);

  static final int QUEUED = 102;
  static final int WAITING_FOR_DEPENDENCY = 412;
  static final int FAILED = 500;
  private static final int PROXY_ERROR = 503;

  /** How long a chain of failed dependencies may be; the tasks beyond it are 500. */
  private static final int MAX_CHAIN = 20;

  /** How many records the store reads at once. */
  private static final int MAX_READ = 1_000;

  private final TaskStore store;

  public DaneStates(TaskStore store) {
    this.store = store;
  }

  /** A task with its state and message as DANE's clients read them. */
  public record ShownTask(Task task, int state, String message) {

    private static ShownTask of(Task task, int state) {
      return new ShownTask(task, state, DaneStates.message(task));
    }
  }

  /** One task. */
  CompletionStage<ShownTask> show(Task task) {
    return show(List.of(task)).thenApply(shown -> shown.get(0));
  }

  /** Several tasks, in the same order. Reads the dependencies of those that are 424. */
  public CompletionStage<List<ShownTask>> show(List<Task> tasks) {
    List<Task> blocked = tasks.stream().filter(DaneStates::isBlocked).toList();
    return read(blocked, new HashMap<>(), 0)
        .thenApply(
            known ->
                tasks.stream()
                    .map(
                        task ->
                            ShownTask.of(
                                task, isBlocked(task) ? blocked(task, known) : number(task)))
                    .toList());
  }

  /** A task that a client has just asked to run: it is on its way to the broker. */
  static ShownTask queued(Task task) {
    return new ShownTask(task, QUEUED, "Queued");
  }

  /** A task that has just been assigned. Needs no reading, as it cannot be 424. */
  static ShownTask created(Task task) {
    return ShownTask.of(task, number(task));
  }

  /** The states whose tasks may be shown with this number, unless a worker gave another. */
  static List<TaskState> candidates(int number) {
    return Stream.of(TaskState.values())
        .filter(
            state ->
                state == TaskState.FAILED_DEPENDENCY
                    ? number == FAILED || number == WAITING_FOR_DEPENDENCY
                    : number(state) == number)
        .toList();
  }

  /** Whether the number is the one that the task's worker gave. */
  static boolean showsAnswer(Task task) {
    return task.run().answeredState() != null && task.state().isFailed();
  }

  private static int number(Task task) {
    Integer answered = task.run().answeredState();
    return answered != null && task.state().isFailed() ? answered : number(task.state());
  }

  private static int number(TaskState state) {
    return switch (state) {
      case QUEUED, PROCESSING -> QUEUED;
      case TIMED_OUT -> PROXY_ERROR;
      case CANCELLED, FAILED_DEPENDENCY -> FAILED;
      case SUCCESS,
          CREATED,
          TASK_RESET,
          BAD_REQUEST,
          ACCESS_DENIED,
          NOT_FOUND,
          UNFINISHED_DEPENDENCY,
          NO_ROUTE_TO_QUEUE,
          ERROR,
          ERROR_INVALID_INPUT,
          ERROR_PROXY ->
          state.number();
    };
  }

  private static String message(Task task) {
    String message = task.message();
    return switch (task.state()) {
      case CREATED -> message.isEmpty() ? "Created" : message;
      case QUEUED -> message.isEmpty() ? "Queued" : message;
      case PROCESSING -> message.isEmpty() ? "Processing" : message;
      case SUCCESS -> message.isEmpty() ? "Success" : message;
      case TASK_RESET -> message.isEmpty() ? "Manual reset" : message;
      case UNFINISHED_DEPENDENCY -> message.isEmpty() ? "Unfinished dependencies" : message;
      case NO_ROUTE_TO_QUEUE -> labeled("Unroutable task", message);
      case CANCELLED -> labeled("Cancelled", message);
      case TIMED_OUT -> labeled("Timed out", message);
      case BAD_REQUEST,
          ACCESS_DENIED,
          NOT_FOUND,
          FAILED_DEPENDENCY,
          ERROR,
          ERROR_INVALID_INPUT,
          ERROR_PROXY ->
          message;
    };
  }

  private static String labeled(String label, String message) {
    if (message.isEmpty()) {
      return label;
    }
    // Messages of imported tasks are DANE's.
    return message.startsWith(label) ? message : label + ": " + message;
  }

  private static boolean isBlocked(Task task) {
    return task.state() == TaskState.FAILED_DEPENDENCY;
  }

  private static List<TaskId> failedDependencies(Task task) {
    return task.dependsOn().stream()
        .filter(dependency -> dependency.state() != null && dependency.state().isFailed())
        .map(Dependency::id)
        .toList();
  }

  /** Reads the failed dependencies of tasks, and theirs, as far as these are 424 too. */
  private CompletionStage<Map<TaskId, Optional<Task>>> read(
      Collection<Task> blocked, Map<TaskId, Optional<Task>> known, int depth) {
    List<TaskId> unread =
        blocked.stream()
            .flatMap(task -> failedDependencies(task).stream())
            .filter(id -> !known.containsKey(id))
            .distinct()
            .toList();
    if (unread.isEmpty() || depth == MAX_CHAIN) {
      return CompletableFuture.completedStage(known);
    }
    return find(unread, 0, known)
        .thenCompose(
            nothing ->
                read(
                    unread.stream()
                        .flatMap(id -> known.getOrDefault(id, Optional.empty()).stream())
                        .filter(DaneStates::isBlocked)
                        .toList(),
                    known,
                    depth + 1));
  }

  private CompletionStage<Void> find(
      List<TaskId> ids, int from, Map<TaskId, Optional<Task>> known) {
    if (from >= ids.size()) {
      return CompletableFuture.completedStage(null);
    }
    List<TaskId> some = ids.subList(from, Math.min(ids.size(), from + MAX_READ));
    return store
        .find(some)
        .thenCompose(
            found -> {
              for (TaskId id : some) {
                known.put(
                    id,
                    Optional.ofNullable(found.get(id))
                        .map(Versioned::value)
                        .filter(task -> !task.deleted()));
              }
              return find(ids, from + MAX_READ, known);
            });
  }

  /** 412 if some failed dependency explains it, see the class comment; else 500. */
  private static int blocked(Task task, Map<TaskId, Optional<Task>> known) {
    Set<TaskId> visited = new HashSet<>(Set.of(task.id()));
    Deque<Task> open = new ArrayDeque<>(List.of(task));
    while (!open.isEmpty()) {
      Task next = open.remove();
      for (Task dependency : existing(next, known)) {
        if (!isBlocked(dependency) || !isOnSameDocument(task, dependency)) {
          if (runsAgain(dependency, next) || showsFailure(dependency, task)) {
            return WAITING_FOR_DEPENDENCY;
          }
        } else if (isShownAsFailed(dependency, known)) {
          return WAITING_FOR_DEPENDENCY;
        } else if (visited.add(dependency.id())) {
          open.add(dependency);
        }
      }
    }
    return FAILED;
  }

  /** Whether nothing explains this 424: then it is 500, which clients find on the document. */
  private static boolean isShownAsFailed(Task task, Map<TaskId, Optional<Task>> known) {
    return known.keySet().containsAll(failedDependencies(task))
        && existing(task, known).stream()
            .noneMatch(
                dependency ->
                    (isBlocked(dependency) && isOnSameDocument(dependency, task))
                        || runsAgain(dependency, task)
                        || showsFailure(dependency, task));
  }

  private static List<Task> existing(Task task, Map<TaskId, Optional<Task>> known) {
    return failedDependencies(task).stream()
        .flatMap(id -> known.getOrDefault(id, Optional.empty()).stream())
        .toList();
  }

  /** Whether the dependency may still succeed, and then wakes the task. */
  private static boolean runsAgain(Task dependency, Task dependent) {
    boolean wakes = dependency.moreDependents() || dependency.dependents().contains(dependent.id());
    return wakes && !dependency.state().isFailed();
  }

  private static boolean showsFailure(Task dependency, Task task) {
    return !isBlocked(dependency)
        && dependency.state().isFailed()
        && isOnSameDocument(task, dependency)
        && KNOWN_FAILURES.contains(number(dependency));
  }

  private static boolean isOnSameDocument(Task one, Task other) {
    return one.spec().document().id().equals(other.spec().document().id());
  }
}

package dev.docket.task;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.document.MaxJsonBytes;
import dev.docket.http.InvalidRequest;
import dev.docket.http.idempotency.CreationKey;
import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks of what archivists ask for: looks up the documents and the dependencies, fills in the
 * key's policy, refuses cycles.
 */
public final class Submissions {

  private static final int DEFAULT_PRIORITY = 1;

  /** The arguments of all that is to be made first, in bytes: they lie in the task's own record. */
  private static final int MAX_ARGUMENTS = 1024 * 1024;

  /** How far a chain of dependencies is followed in search of a cycle. */
  private static final int MAX_FOLLOWED = 10_000;

  /**
   * Of one call: the others are begun as these end, so that a call for ten thousand documents does
   * not stand before everybody else's writes.
   */
  private static final int MAX_CONCURRENT = 500;

  private static final CompletionStage<?> NOW = CompletableFuture.completedStage(null);

  private final DocumentService documents;
  private final TaskStore store;
  private final TaskService tasks;
  private final Policies policies;
  private final Set<String> protocols;
  private final Supplier<DecisionContext> moments;

  public Submissions(
      DocumentService documents,
      TaskStore store,
      TaskService tasks,
      Policies policies,
      Set<String> protocols,
      Supplier<DecisionContext> moments) {
    this.documents = documents;
    this.store = store;
    this.tasks = tasks;
    this.policies = policies;
    this.protocols = Set.copyOf(protocols);
    this.moments = moments;
  }

  /**
   * Assigns the task to each document.
   *
   * @return a stage for each document, in order: the task, or the {@link dev.docket.http.Problem}
   *     that kept it from being made
   */
  public List<CompletionStage<Task>> submit(NewTask asked, String by) {
    return submit(asked, by, Optional.empty());
  }

  /** The same, but who asks again under his key for the same gets the tasks that he made. */
  public List<CompletionStage<Task>> submit(
      NewTask asked, String by, Optional<IdempotencyKey> key) {
    check(asked);
    List<CompletionStage<Task>> submitted = new ArrayList<>();
    for (DocumentId id : asked.documentId().ids()) {
      int place = submitted.size();
      Optional<IdempotencyKey> own = key.map(k -> k.at(place));
      CompletionStage<?> turn =
          place < MAX_CONCURRENT ? NOW : submitted.get(place - MAX_CONCURRENT);
      submitted.add(
          turn.handle((before, failure) -> id)
              .thenCompose(documents::get)
              .thenCompose(document -> submit(asked, document, by, own)));
    }
    return submitted;
  }

  private static void checkDependencies(@Nullable List<NewTask.Needed> needed) {
    long bytes = 0;
    for (NewTask.Needed need : needed == null ? List.<NewTask.Needed>of() : needed) {
      bytes += MaxJsonBytes.Check.length(need.args());
    }
    if (bytes > MAX_ARGUMENTS) {
      throw InvalidRequest.field(
          "/depends_on", "all arguments must be at most " + MAX_ARGUMENTS + " bytes as JSON");
    }
  }

  private void check(NewTask asked) {
    checkDependencies(asked.dependsOn());
    String protocol = asked.protocol();
    if (protocol != null && !protocols.contains(protocol)) {
      throw InvalidRequest.field(
          "/courier", "must be one of " + protocols.stream().sorted().toList());
    }
  }

  private CompletionStage<Task> submit(
      NewTask asked, Document document, String by, Optional<IdempotencyKey> key) {
    TaskId id =
        Boolean.TRUE.equals(asked.repeatable())
            ? new TaskId(key.map(IdempotencyKey::id).orElseGet(UUID::randomUUID).toString())
            : TaskId.of(document.id(), asked.key());
    CreationKey creation = key.map(k -> k.asking(asked.on(document.id()))).orElse(null);
    TaskSpec spec = spec(asked, document, by, creation);
    if (creation == null) {
      return make(id, spec, asked, document);
    }
    // First, as what it depends on may be gone by now.
    return tasks
        .find(id)
        .thenCompose(
            found ->
                found.filter(there -> creation.isOf(there.spec().creationKey())).isPresent()
                    ? CompletableFuture.completedStage(found.orElseThrow())
                    : make(id, spec, asked, document));
  }

  private CompletionStage<Task> make(TaskId id, TaskSpec spec, NewTask asked, Document document) {
    List<NewTask.Needed> wanted = asked.dependsOn() == null ? List.of() : asked.dependsOn();
    return needed(document, wanted)
        .thenCompose(
            needed ->
                refuseCycles(id, needed)
                    .thenCompose(
                        nothing ->
                            tasks.create(
                                TaskMachine.create(
                                    id, spec, needed, asked.dueAt(), moments.get()))));
  }

  private TaskSpec spec(
      NewTask asked, Document document, String by, @Nullable CreationKey creation) {
    String protocol = asked.protocol();
    return new TaskSpec(
        TaskSpec.DocumentCopy.of(document),
        asked.key(),
        orEmpty(asked.args()),
        asked.priority() == null ? DEFAULT_PRIORITY : asked.priority(),
        asked.tags() == null ? List.of() : asked.tags(),
        protocol == null ? policies.of(asked.key()).protocol() : protocol,
        asked.timeout(),
        asked.leaseSeconds(),
        asked.retry(),
        Objects.requireNonNullElse(asked.onDependencyFailure(), OnDependencyFailure.FAIL),
        Map.of(),
        by,
        orEmpty(asked.meta()),
        creation);
  }

  private static Map<String, @Nullable Object> orEmpty(
      @Nullable Map<String, @Nullable Object> map) {
    return map == null ? Map.of() : map;
  }

  /** Keys become ids; ids must be of tasks that are there. */
  private CompletionStage<List<Effect.Needed>> needed(
      Document document, List<NewTask.Needed> wanted) {
    List<TaskId> byId =
        wanted.stream().map(NewTask.Needed::id).filter(Objects::nonNull).distinct().toList();
    return find(byId)
        .thenApply(
            found -> {
              List<Effect.Needed> needed = new ArrayList<>();
              for (int i = 0; i < wanted.size(); i++) {
                TaskId id = wanted.get(i).id();
                TaskKey key = wanted.get(i).key();
                if (key != null) {
                  needed.add(
                      new Effect.Needed(
                          TaskId.of(document.id(), key), key, orEmpty(wanted.get(i).args())));
                } else if (id != null) {
                  Task there = found.get(id);
                  if (there == null || there.deleted()) {
                    throw InvalidRequest.field("/depends_on/" + i, "there is no task " + id);
                  }
                  needed.add(new Effect.Needed(id, there.key(), null));
                }
              }
              return needed;
            });
  }

  private CompletionStage<Map<TaskId, Task>> find(Collection<TaskId> ids) {
    if (ids.isEmpty()) {
      return CompletableFuture.completedStage(Map.of());
    }
    return store
        .find(ids)
        .thenApply(
            found ->
                found.values().stream()
                    .map(versioned -> versioned.value())
                    .collect(java.util.stream.Collectors.toMap(Task::id, task -> task)));
  }

  private CompletionStage<Void> refuseCycles(TaskId id, List<Effect.Needed> needed) {
    Deque<TaskId> open = new ArrayDeque<>();
    needed.forEach(need -> open.add(need.id()));
    return follow(id, open, new HashSet<>());
  }

  private CompletionStage<Void> follow(TaskId id, Deque<TaskId> open, Set<TaskId> seen) {
    List<TaskId> page = new ArrayList<>();
    while (!open.isEmpty() && page.size() < 500) {
      TaskId next = open.remove();
      if (next.equals(id)) {
        throw InvalidRequest.field(
            "/depends_on", "the task would wait for itself: " + cycle(id, seen));
      }
      if (seen.add(next)) {
        page.add(next);
      }
    }
    if (page.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    if (seen.size() > MAX_FOLLOWED) {
      throw InvalidRequest.field(
          "/depends_on", "waits for more than " + MAX_FOLLOWED + " tasks in all");
    }
    return find(page)
        .thenCompose(
            found -> {
              for (Task task : found.values()) {
                if (!task.state().isFinished()) {
                  task.dependsOn().forEach(dependency -> open.add(dependency.id()));
                }
              }
              return follow(id, open, seen);
            });
  }

  private static String cycle(TaskId id, Set<TaskId> seen) {
    return seen.isEmpty() ? id + " is named as its own dependency" : id + " is needed by " + seen;
  }
}

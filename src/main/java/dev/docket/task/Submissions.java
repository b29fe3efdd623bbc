package dev.docket.task;

import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.concurrent.Stages;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates tasks from requests: looks up documents and dependencies, applies the policy of the key,
 * and rejects dependency cycles and too many new task keys.
 */
public final class Submissions {

  /**
   * The maximum size of the arguments of all dependencies, in bytes: they are stored in the record
   * of the task itself.
   */
  private static final int MAX_ARGUMENT_BYTES = 1024 * 1024;

  /**
   * The maximum number of concurrent writes of one request. Each further one starts when an earlier
   * one ends, so that a request for ten thousand documents does not delay the writes of others.
   */
  private static final int MAX_CONCURRENT = 500;

  private static final CompletionStage<?> COMPLETED = CompletableFuture.completedStage(null);

  private final DocumentService documents;
  private final DependencyCycles cycles;
  private final TaskService tasks;
  private final Policies policies;
  private final NewKeys newKeys;
  private final CheckedArguments arguments;
  private final Set<String> protocols;
  private final Supplier<DecisionContext> contexts;

  public Submissions(
      DocumentService documents,
      TaskStore store,
      TaskService tasks,
      Policies policies,
      NewKeys newKeys,
      ArgumentCheck arguments,
      Set<String> protocols,
      Supplier<DecisionContext> contexts) {
    this.documents = documents;
    this.cycles = new DependencyCycles(store);
    this.tasks = tasks;
    this.policies = policies;
    this.newKeys = newKeys;
    this.arguments = new CheckedArguments(arguments, cycles);
    this.protocols = Set.copyOf(protocols);
    this.contexts = contexts;
  }

  /**
   * Assigns a task to each document of the request. The submitter must see the documents and the
   * tasks that are needed.
   *
   * @return a stage for each document, in order; it completes with the task, or fails with a {@link
   *     dev.docket.http.Problem}
   */
  public List<CompletionStage<Task>> submit(NewTask request, Caller submitter) {
    return submit(request, submitter, Optional.empty());
  }

  /**
   * Assigns a task to each document of the request. If the submitter repeats the same request with
   * the same idempotency key, the result is the existing tasks.
   */
  public List<CompletionStage<Task>> submit(
      NewTask request, Caller submitter, Optional<IdempotencyKey> key) {
    check(request, submitter);
    List<CompletionStage<Task>> submitted = new ArrayList<>();
    for (DocumentId id : request.documentId().ids()) {
      int index = submitted.size();
      Optional<IdempotencyKey> itemKey = key.map(k -> k.forItem(index));
      CompletionStage<?> predecessor =
          index < MAX_CONCURRENT ? COMPLETED : submitted.get(index - MAX_CONCURRENT);
      submitted.add(
          predecessor
              .handle((ignored, failure) -> id)
              .thenCompose(document -> documents.get(document, submitter.sees()))
              .thenCompose(document -> submit(request, document, submitter, itemKey)));
    }
    return submitted;
  }

  private static void checkDependencies(@Nullable List<NewTask.NeededTask> needed) {
    long bytes = 0;
    for (NewTask.NeededTask need : needed == null ? List.<NewTask.NeededTask>of() : needed) {
      bytes += MaxJsonBytes.Check.length(need.args());
    }
    if (bytes > MAX_ARGUMENT_BYTES) {
      throw InvalidRequest.field(
          "/depends_on",
          "the args of all dependencies must be at most "
              + MAX_ARGUMENT_BYTES
              + " bytes of JSON in total");
    }
  }

  private void check(NewTask request, Caller submitter) {
    checkDependencies(request.dependsOn());
    TaskKeyForbidden.check(submitter, request.key().value());
    String protocol = request.protocol();
    if (protocol != null && !protocols.contains(protocol)) {
      throw InvalidRequest.field(
          "/courier", "must be one of " + protocols.stream().sorted().toList());
    }
  }

  private CompletionStage<Task> submit(
      NewTask request, Document document, Caller submitter, Optional<IdempotencyKey> key) {
    TaskId id =
        Boolean.TRUE.equals(request.repeatable())
            ? new TaskId(key.map(IdempotencyKey::id).orElseGet(UUID::randomUUID).toString())
            : TaskId.of(document.id(), request.key());
    CreationKey creationKey =
        key.map(k -> k.creationKey(request.forDocument(document.id()))).orElse(null);
    if (creationKey == null) {
      return checkAndCreate(id, null, request, document, submitter);
    }
    // Read first: when a request is repeated, its dependencies may have been deleted, and the
    // options of the key may have changed.
    return tasks
        .find(id)
        .thenCompose(
            found ->
                found
                        .filter(existing -> creationKey.matches(existing.spec().creationKey()))
                        .isPresent()
                    ? CompletableFuture.completedStage(found.orElseThrow())
                    : checkAndCreate(id, creationKey, request, document, submitter));
  }

  private CompletionStage<Task> checkAndCreate(
      TaskId id,
      @Nullable CreationKey creationKey,
      NewTask request,
      Document document,
      Caller submitter) {
    return arguments
        .complete(request, document.id())
        .thenCompose(
            completed ->
                create(
                    id,
                    completed.spec(TaskSpec.DocumentCopy.of(document), submitter, creationKey),
                    completed,
                    document,
                    submitter));
  }

  private CompletionStage<Task> create(
      TaskId id, TaskSpec spec, NewTask request, Document document, Caller submitter) {
    List<NewTask.NeededTask> requested =
        request.dependsOn() == null ? List.of() : request.dependsOn();
    return resolveDependencies(document, requested, submitter)
        .thenCompose(
            needed ->
                cycles
                    .reject(id, needed, submitter.sees())
                    .thenCompose(ignored -> newKeys.admit(spec.submittedBy(), keys(spec, needed)))
                    .thenCompose(
                        ignored ->
                            tasks.create(
                                TaskMachine.create(
                                    id,
                                    spec,
                                    needed,
                                    request.dueAt(),
                                    contexts
                                        .get()
                                        .withProtocol(policies.of(spec.key()).protocol())
                                        .withLimits(policies.limits(spec.key()))))))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    Stages.cause(failure) instanceof TaskExists exists
                        ? exists.shownTo(submitter)
                        : Stages.cause(failure)));
  }

  /** The keys of the task and of the dependencies that are created with it. */
  private static Set<TaskKey> keys(TaskSpec spec, List<Effect.NeededTask> needed) {
    return Stream.concat(Stream.of(spec.key()), needed.stream().map(Effect.NeededTask::key))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Converts keys to ids, and verifies that tasks exist that are given by id. */
  private CompletionStage<List<Effect.NeededTask>> resolveDependencies(
      Document document, List<NewTask.NeededTask> requested, Caller submitter) {
    List<TaskId> byId =
        requested.stream().map(NewTask.NeededTask::id).filter(Objects::nonNull).distinct().toList();
    return cycles
        .find(byId)
        .thenApply(
            found -> {
              List<Effect.NeededTask> needed = new ArrayList<>();
              for (int i = 0; i < requested.size(); i++) {
                TaskId id = requested.get(i).id();
                TaskKey key = requested.get(i).key();
                if (key != null) {
                  TaskKeyForbidden.check(submitter, key.value());
                  needed.add(
                      new Effect.NeededTask(
                          TaskId.of(document.id(), key),
                          key,
                          Objects.requireNonNullElse(requested.get(i).args(), Map.of())));
                } else if (id != null) {
                  Task dependency = found.get(id);
                  if (dependency == null
                      || dependency.deleted()
                      || !submitter.sees().includes(dependency.spec().owner())) {
                    throw InvalidRequest.field("/depends_on/" + i, "there is no task " + id);
                  }
                  needed.add(new Effect.NeededTask(id, dependency.key(), null));
                }
              }
              return needed;
            });
  }
}

package dev.docket.task;

import dev.docket.document.DocumentId;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Checks the arguments of the tasks that a request creates, and adds defaults. */
final class CheckedArguments {

  private final ArgumentCheck check;
  private final DependencyCycles tasks;

  CheckedArguments(ArgumentCheck check, DependencyCycles tasks) {
    this.check = check;
    this.tasks = tasks;
  }

  /**
   * Returns the request for one document with defaults. The stage fails with an {@link
   * InvalidRequest} that lists each violation. The arguments of a dependency that exists already do
   * not matter.
   */
  CompletionStage<NewTask> complete(NewTask request, DocumentId document) {
    List<FieldError> errors = new ArrayList<>();
    Map<String, @Nullable Object> args = checked(request.key(), request.args(), "/args", errors);
    List<NewTask.NeededTask> requested =
        request.dependsOn() == null ? List.of() : request.dependsOn();
    List<NewTask.NeededTask> needed = new ArrayList<>();
    Map<TaskId, List<FieldError>> ofDependencies = new HashMap<>();
    for (int i = 0; i < requested.size(); i++) {
      NewTask.NeededTask need = requested.get(i);
      TaskKey key = need.key();
      if (key == null) {
        needed.add(need);
      } else {
        List<FieldError> own = new ArrayList<>();
        needed.add(
            new NewTask.NeededTask(
                key, checked(key, need.args(), "/depends_on/" + i + "/args", own), null));
        if (!own.isEmpty()) {
          ofDependencies
              .computeIfAbsent(TaskId.of(document, key), id -> new ArrayList<>())
              .addAll(own);
        }
      }
    }
    NewTask completed = request.with(args, request.dependsOn() == null ? null : needed);
    return withoutExisting(ofDependencies)
        .thenApply(
            missing -> {
              errors.addAll(missing);
              if (!errors.isEmpty()) {
                throw InvalidRequest.of(errors);
              }
              return completed;
            });
  }

  private Map<String, @Nullable Object> checked(
      TaskKey key,
      @Nullable Map<String, @Nullable Object> args,
      String pointer,
      List<FieldError> errors) {
    ArgumentCheck.Checked checked = check.check(key, args == null ? Map.of() : args, pointer);
    errors.addAll(checked.violations());
    return checked.args();
  }

  /** The violations of dependencies that have to be created. */
  private CompletionStage<List<FieldError>> withoutExisting(
      Map<TaskId, List<FieldError>> violations) {
    if (violations.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    return tasks
        .find(violations.keySet())
        .thenApply(
            found ->
                violations.entrySet().stream()
                    .filter(
                        entry ->
                            found.get(entry.getKey()) == null
                                || found.get(entry.getKey()).deleted())
                    .flatMap(entry -> entry.getValue().stream())
                    .toList());
  }
}

package dev.docket.server;

import dev.docket.auth.OwnedRecord;
import dev.docket.auth.RecordOwners;
import dev.docket.concurrent.Stages;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.Problem;
import dev.docket.result.ResultService;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The owners of the stored documents, tasks and results. */
final class StoredOwners implements RecordOwners {

  private final DocumentService documents;
  private final TaskService tasks;
  private final ResultService results;

  StoredOwners(DocumentService documents, TaskService tasks, ResultService results) {
    this.documents = documents;
    this.tasks = tasks;
    this.results = results;
  }

  @Override
  public CompletionStage<Optional<OwnedBy>> find(OwnedRecord kind, String id) {
    return switch (kind) {
      case DOCUMENT ->
          read(
              () ->
                  documents
                      .get(DocumentId.fromString(id))
                      .thenApply(found -> new OwnedBy(found.owner(), null)));
      case TASK ->
          read(
              () ->
                  tasks
                      .get(TaskId.fromString(id))
                      .thenApply(found -> new OwnedBy(found.spec().owner(), found.key().value())));
      case RESULT ->
          read(
              () ->
                  results
                      .get(ResultId.fromString(id))
                      .thenApply(found -> new OwnedBy(found.owner(), found.key().value())));
    };
  }

  private static CompletionStage<Optional<OwnedBy>> read(
      Supplier<CompletionStage<OwnedBy>> reading) {
    CompletionStage<OwnedBy> read;
    try {
      read = reading.get();
    } catch (IllegalArgumentException impossibleId) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return read.handle(
        (owner, failure) -> {
          if (failure == null) {
            return Optional.of(owner);
          }
          if (Stages.cause(failure) instanceof Problem problem
              && problem.kind() == Problem.Kind.NOT_FOUND) {
            return Optional.<OwnedBy>empty();
          }
          throw new CompletionException(Stages.cause(failure));
        });
  }
}

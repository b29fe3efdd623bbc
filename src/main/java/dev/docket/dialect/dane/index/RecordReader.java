package dev.docket.dialect.dane.index;

import dev.docket.auth.OwnerFilter;
import dev.docket.concurrent.Stages;
import dev.docket.dialect.dane.DaneParameters;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.Problem;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Reads single records by their ids, in their latest version. Blocks. */
final class RecordReader {

  private final DocumentService documents;
  private final TaskService tasks;
  private final DaneStates states;
  private final ResultService results;
  private final ResultViews views;

  RecordReader(
      DocumentService documents,
      TaskService tasks,
      DaneStates states,
      ResultService results,
      ResultViews views) {
    this.documents = documents;
    this.tasks = tasks;
    this.states = states;
    this.results = results;
    this.views = views;
  }

  /** The document, task or result of one of these owners with this id. */
  Optional<Hit> find(String id, OwnerFilter owners) {
    return parent(id, owners).or(() -> result(id, owners));
  }

  /** The document or task of one of these owners with this id. */
  Optional<Hit> parent(String id, OwnerFilter owners) {
    return RecordReader.<DocumentId, Document>find(id, DocumentId::fromString, documents::get)
        .filter(document -> owners.includes(document.owner()))
        .map(Hit::of)
        .or(() -> task(id, owners));
  }

  private Optional<Hit> task(String id, OwnerFilter owners) {
    return find(id, TaskId::fromString, tasks::get)
        .filter(task -> owners.includes(task.spec().owner()))
        .map(task -> states.show(List.of(task)).toCompletableFuture().join().get(0))
        .map(Hit::of);
  }

  private Optional<Hit> result(String id, OwnerFilter owners) {
    return find(id, ResultId::fromString, results::get)
        .filter(result -> result.latest() && owners.includes(result.owner()))
        .map(result -> Hit.of(result, views));
  }

  /** Empty if there is no such record, also for ids that no record can have. */
  static <I, T> Optional<T> find(
      String id, Function<String, I> read, Function<I, CompletionStage<T>> get) {
    try {
      return DaneParameters.parsed(id, read).map(known -> Stages.join(get.apply(known)));
    } catch (Problem problem) {
      if (problem.kind() == Problem.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw problem;
    }
  }
}

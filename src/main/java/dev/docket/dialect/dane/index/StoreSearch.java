package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.dialect.dane.DaneResult;
import dev.docket.dialect.dane.DaneTime;
import dev.docket.document.Creator;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Documents;
import dev.docket.document.Target;
import dev.docket.http.Problem;
import dev.docket.result.Result;
import dev.docket.result.ResultId;
import dev.docket.result.Results;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import dev.docket.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds what the searches of DANE's worker library ask for, in Docket's own records. Blocks. */
final class StoreSearch {

  private static final int PAGE = 500;

  /** Elasticsearch's own limit. */
  private static final int MOST = 10_000;

  private final Documents documents;
  private final Tasks tasks;
  private final TaskStore.Sweeps sweeps;
  private final Results results;

  StoreSearch(Documents documents, Tasks tasks, TaskStore.Sweeps sweeps, Results results) {
    this.documents = documents;
    this.tasks = tasks;
    this.sweeps = sweeps;
    this.results = results;
  }

  /** A document in DANE's index. */
  record DocumentSource(Target target, Creator creator, String createdAt, String updatedAt) {}

  /** A task in DANE's index. */
  record TaskSource(TaskPart task, String createdAt, String updatedAt) {}

  /** What is of the task alone. */
  record TaskPart(
      String key,
      int state,
      String msg,
      int priority,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> args) {}

  /** A result in DANE's index. */
  record ResultSource(ResultPart result, String createdAt, String updatedAt) {}

  /** What is of the result alone. */
  record ResultPart(Map<String, String> generator, JsonNode payload) {}

  List<StoreAnswers.Found> find(StoreQuery query) {
    if (query instanceof StoreQuery.TasksOfDocument ofDocument) {
      return tasksOf(ofDocument);
    }
    if (query instanceof StoreQuery.TaskById byId) {
      return task(byId.task()).map(StoreSearch::found).stream().toList();
    }
    if (query instanceof StoreQuery.DocumentOfTask ofTask) {
      return task(ofTask.task())
          .flatMap(task -> document(task.spec().document().id().value()))
          .stream()
          .toList();
    }
    if (query instanceof StoreQuery.ResultById byId) {
      return there(byId.result(), ResultId::fromString, results::get)
          .map(StoreSearch::found)
          .stream()
          .toList();
    }
    StoreQuery.ResultsOfTasks ofTasks = (StoreQuery.ResultsOfTasks) query;
    List<Task> those = ofTasks.tasks().stream().map(this::task).flatMap(Optional::stream).toList();
    return results.of(those).toCompletableFuture().join().stream().map(StoreSearch::found).toList();
  }

  private List<StoreAnswers.Found> tasksOf(StoreQuery.TasksOfDocument query) {
    DocumentId document;
    try {
      document = DocumentId.fromString(query.document());
    } catch (IllegalArgumentException none) {
      return List.of();
    }
    List<StoreAnswers.Found> found = new ArrayList<>();
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = sweeps.ofDocuments(List.of(document), after, PAGE);
      for (Versioned<Task> versioned : page) {
        Task task = versioned.value();
        after = task.id();
        if (!task.deleted() && (query.key() == null || query.key().equals(task.key().value()))) {
          found.add(found(task));
        }
      }
      if (found.size() > MOST) {
        throw new NotUnderstood("a document with more than " + MOST + " tasks");
      }
    } while (page.size() == PAGE);
    return found;
  }

  /** The document of this id, as the record that a worker reads. */
  Optional<StoreAnswers.Found> document(String id) {
    return there(id, DocumentId::fromString, documents::get).map(StoreSearch::found);
  }

  private Optional<Task> task(String id) {
    return there(id, TaskId::fromString, tasks::get);
  }

  /** Empty for what is not there, and for ids that nothing can have. */
  private static <I, T> Optional<T> there(
      String id, Function<String, I> read, Function<I, CompletionStage<T>> get) {
    I known;
    try {
      known = read.apply(id);
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
    try {
      return Optional.of(get.apply(known).toCompletableFuture().join());
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof Problem problem
          && problem.kind() == Problem.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private static StoreAnswers.Found found(Document document) {
    return new StoreAnswers.Found(
        document.id().value(),
        new DocumentSource(
            document.target(),
            document.creator(),
            DaneTime.text(document.createdAt()),
            DaneTime.text(document.updatedAt())));
  }

  private static StoreAnswers.Found found(Task task) {
    return new StoreAnswers.Found(
        task.id().value(),
        new TaskSource(
            new TaskPart(
                task.key().value(),
                task.state().number(),
                task.message(),
                task.spec().priority(),
                task.spec().args()),
            DaneTime.text(task.createdAt()),
            DaneTime.text(task.updatedAt())));
  }

  private static StoreAnswers.Found found(Result result) {
    String time = DaneTime.text(result.createdAt());
    return new StoreAnswers.Found(
        result.id().value(),
        new ResultSource(
            new ResultPart(DaneResult.generator(result), result.payload()), time, time));
  }
}

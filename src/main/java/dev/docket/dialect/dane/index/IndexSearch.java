package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.dialect.dane.DaneResult;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.dialect.dane.DaneTime;
import dev.docket.document.Creator;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.document.Target;
import dev.docket.http.Problem;
import dev.docket.result.Result;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.store.Versioned;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs the searches of DANE's worker library on Docket's own records. Blocks. */
final class IndexSearch {

  private static final int PAGE_SIZE = 500;

  /** Elasticsearch's limit. */
  private static final int MAX_HITS = 10_000;

  private final DocumentService documents;
  private final TaskService tasks;
  private final DaneStates states;
  private final TaskStore.Sweeps sweeps;
  private final ResultService results;
  private final ResultViews views;

  IndexSearch(
      DocumentService documents,
      TaskService tasks,
      DaneStates states,
      TaskStore.Sweeps sweeps,
      ResultService results,
      ResultViews views) {
    this.documents = documents;
    this.tasks = tasks;
    this.states = states;
    this.sweeps = sweeps;
    this.results = results;
    this.views = views;
  }

  /** A document in DANE's index. */
  record DocumentSource(Target target, Creator creator, String createdAt, String updatedAt) {}

  /** A task in DANE's index. */
  record TaskSource(TaskPart task, String createdAt, String updatedAt) {}

  /** The task without its times. */
  record TaskPart(
      String key,
      int state,
      String msg,
      int priority,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> args) {}

  /** A result in DANE's index. */
  record ResultSource(ResultPart result, String createdAt, String updatedAt) {}

  /**
   * The result without its times.
   *
   * @param payload a {@code JsonNode}, or a stored payload that can only be written to a stream
   */
  record ResultPart(Map<String, String> generator, Object payload) {}

  List<IndexResponses.Found> find(IndexQuery query) {
    if (query instanceof IndexQuery.TasksOfDocument ofDocument) {
      return tasksOf(ofDocument);
    }
    if (query instanceof IndexQuery.TaskById byId) {
      return found(task(byId.task()).stream().toList());
    }
    if (query instanceof IndexQuery.DocumentOfTask ofTask) {
      return task(ofTask.task())
          .flatMap(task -> document(task.spec().document().id().value()))
          .stream()
          .toList();
    }
    if (query instanceof IndexQuery.ResultById byId) {
      return result(byId.result()).stream().toList();
    }
    IndexQuery.ResultsOfTasks ofTasks = (IndexQuery.ResultsOfTasks) query;
    List<Task> those = ofTasks.tasks().stream().map(this::task).flatMap(Optional::stream).toList();
    return results.ofTasks(those).toCompletableFuture().join().stream().map(this::found).toList();
  }

  private List<IndexResponses.Found> tasksOf(IndexQuery.TasksOfDocument query) {
    DocumentId document;
    try {
      document = DocumentId.fromString(query.document());
    } catch (IllegalArgumentException none) {
      return List.of();
    }
    List<Task> found = new ArrayList<>();
    TaskId after = null;
    List<Versioned<Task>> page;
    do {
      page = sweeps.ofDocuments(List.of(document), after, PAGE_SIZE);
      for (Versioned<Task> versioned : page) {
        Task task = versioned.value();
        after = task.id();
        if (!task.deleted() && (query.key() == null || query.key().equals(task.key().value()))) {
          found.add(task);
        }
      }
      if (found.size() > MAX_HITS) {
        throw new UnsupportedQuery("a document with more than " + MAX_HITS + " tasks");
      }
    } while (page.size() == PAGE_SIZE);
    return found(found);
  }

  /** Returns the document or the result with this id, as workers read it. */
  Optional<IndexResponses.Found> record(String id) {
    return document(id).or(() -> result(id));
  }

  private Optional<IndexResponses.Found> document(String id) {
    return find(id, DocumentId::fromString, documents::get).map(IndexSearch::found);
  }

  private Optional<IndexResponses.Found> result(String id) {
    return find(id, ResultId::fromString, results::get).map(this::found);
  }

  private Optional<Task> task(String id) {
    return find(id, TaskId::fromString, tasks::get);
  }

  /** Empty if there is no such record, also for ids that no record can have. */
  private static <I, T> Optional<T> find(
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

  private static IndexResponses.Found found(Document document) {
    return new IndexResponses.Found(
        document.id().value(),
        new DocumentSource(
            document.target(),
            document.creator(),
            DaneTime.text(document.createdAt()),
            DaneTime.text(document.updatedAt())));
  }

  private List<IndexResponses.Found> found(List<Task> tasks) {
    return states.show(tasks).toCompletableFuture().join().stream()
        .map(IndexSearch::found)
        .toList();
  }

  private static IndexResponses.Found found(DaneStates.ShownTask shown) {
    Task task = shown.task();
    return new IndexResponses.Found(
        task.id().value(),
        new TaskSource(
            new TaskPart(
                task.key().value(),
                shown.state(),
                shown.message(),
                task.spec().priority(),
                task.spec().args()),
            DaneTime.text(task.createdAt()),
            DaneTime.text(task.updatedAt())));
  }

  private IndexResponses.Found found(Result result) {
    String time = DaneTime.text(result.createdAt());
    return new IndexResponses.Found(
        result.id().value(),
        new ResultSource(
            new ResultPart(DaneResult.generator(result), views.payload(result)), time, time));
  }
}

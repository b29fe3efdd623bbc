package dev.docket.dialect.dane.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.dialect.dane.store.Clauses.Related;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The searches that DANE's worker library makes. Ids are as they were sent. */
sealed interface StoreQuery {

  /** The tasks of a document, of one key or of all. */
  record TasksOfDocument(String document, @Nullable String key) implements StoreQuery {}

  /** One task. */
  record TaskById(String task) implements StoreQuery {}

  /** The document that a task is assigned to. */
  record DocumentOfTask(String task) implements StoreQuery {}

  /** The results of tasks. */
  record ResultsOfTasks(List<String> tasks) implements StoreQuery {
    public ResultsOfTasks {
      tasks = List.copyOf(tasks);
    }
  }

  /** One result. */
  record ResultById(String result) implements StoreQuery {}

  /**
   * Which of them a search is.
   *
   * @throws NotUnderstood if it is none
   */
  static StoreQuery of(JsonNode search) {
    Clauses query = Clauses.of(search.path("query"));
    if (query.child != null) {
      return new DocumentOfTask(onlyId(of(query.child, "task")));
    }
    boolean ofResults = query.exists.stream().anyMatch(field -> field.startsWith("result"));
    if (ofResults) {
      return query.ids.isEmpty()
          ? new ResultsOfTasks(ids(of(query.parent, "task")))
          : new ResultById(onlyId(query));
    }
    if (!query.ids.isEmpty()) {
      return new TaskById(onlyId(query));
    }
    String document = query.routing != null ? query.routing : onlyId(of(query.parent, "document"));
    return new TasksOfDocument(document, query.taskKey);
  }

  private static Clauses of(@Nullable Related related, String kind) {
    if (related == null || !related.kind().equals(kind)) {
      throw new NotUnderstood("a search that names no " + kind);
    }
    return related.clauses();
  }

  private static List<String> ids(Clauses clauses) {
    if (clauses.ids.isEmpty()) {
      throw new NotUnderstood("a search that names no _id");
    }
    return clauses.ids;
  }

  private static String onlyId(Clauses clauses) {
    if (ids(clauses).size() > 1) {
      throw new NotUnderstood("a search for several at once");
    }
    return clauses.ids.get(0);
  }
}

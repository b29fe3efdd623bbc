package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.dialect.dane.index.ParsedQuery.Related;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The searches that DANE's worker library sends. Ids are as sent. */
sealed interface IndexQuery {

  /** The supported members of a search. */
  Set<String> SUPPORTED = Set.of("query", "_source", "size", "from", "track_total_hits");

  /** The supported fields of {@code exists}. */
  Set<String> FIELDS =
      Set.of("task.key", "target.id", "result", "result.generator.id", "result.payload");

  /** The maximum number of ids in one search. */
  int MAX_IDS = 1_000;

  /** The tasks of a document, of one key or of all keys. */
  record TasksOfDocument(String document, @Nullable String key) implements IndexQuery {}

  /** One task. */
  record TaskById(String task) implements IndexQuery {}

  /** The document of a task. */
  record DocumentOfTask(String task) implements IndexQuery {}

  /** The results of tasks. */
  record ResultsOfTasks(List<String> tasks) implements IndexQuery {
    public ResultsOfTasks {
      tasks = tasks.stream().distinct().toList();
      if (tasks.size() > MAX_IDS) {
        throw new UnsupportedQuery("more than " + MAX_IDS + " ids");
      }
    }
  }

  /** One result. */
  record ResultById(String result) implements IndexQuery {}

  /**
   * Recognizes a search.
   *
   * @throws UnsupportedQuery if it is unsupported
   */
  static IndexQuery of(JsonNode search) {
    search
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!SUPPORTED.contains(name)) {
                throw new UnsupportedQuery("a search with " + name);
              }
            });
    ParsedQuery query = ParsedQuery.of(search.path("query"));
    if (query.ids.size() > MAX_IDS || !FIELDS.containsAll(query.exists)) {
      throw new UnsupportedQuery("more than " + MAX_IDS + " ids, or fields other than " + FIELDS);
    }
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

  private static ParsedQuery of(@Nullable Related related, String kind) {
    if (related == null || !related.kind().equals(kind)) {
      throw new UnsupportedQuery("a search without " + kind);
    }
    return related.query();
  }

  private static List<String> ids(ParsedQuery clauses) {
    if (clauses.ids.isEmpty()) {
      throw new UnsupportedQuery("a search without _id");
    }
    return clauses.ids;
  }

  private static String onlyId(ParsedQuery clauses) {
    if (ids(clauses).size() > 1) {
      throw new UnsupportedQuery("a search for several ids");
    }
    return clauses.ids.get(0);
  }
}

package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Optional;
import java.util.Set;

/** What results have copied of their tasks. */
final class TaskCopy extends CopyTranslation {

  private static final Set<String> ALWAYS =
      Set.of("_id", "_routing", "role", "task", "task.key", "task.state", "task.priority");

  TaskCopy() {
    super(SearchedKind.TASK);
  }

  @Override
  Optional<String> copied(String field) {
    return switch (field) {
      case "_id" -> Optional.of("task_id");
      case "_routing" -> Optional.of("document_id");
      case "task.key" -> Optional.of("key");
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<Condition> exists(Clause.Exists exists) {
    return ALWAYS.contains(exists.field()) ? Optional.of(Condition.ALL) : Optional.empty();
  }
}

package dev.docket.dialect.dane.index.query;

import dev.docket.dialect.dane.DaneStateCondition;
import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Optional;
import java.util.Set;

/** Translates queries to conditions on tasks. */
public final class TaskTranslation extends KindTranslation {

  private static final String ARGS = "task.args";
  private static final Set<String> ALWAYS =
      Set.of("task", "task.key", "task.state", "task.msg", "task.priority", "_routing");

  private final Joins joins;
  private final int blockedAs;

  /**
   * @param blockedAs the number that all tasks with a failed dependency are taken to show; see
   *     {@link DaneStateCondition}
   */
  public TaskTranslation(Joins joins, int blockedAs) {
    super(SearchedKind.TASK);
    this.joins = joins;
    this.blockedAs = blockedAs;
  }

  @Override
  Condition matchField(Clause.Match match) {
    return switch (match.field()) {
      case "_routing" -> keyword("document_id", match);
      case "task.key" -> keyword("key", match);
      case "task.priority" -> keyword("priority", match);
      case "task.state" -> DaneStateCondition.of(match.values(), blockedAs);
      case "task.msg" ->
          Condition.or(
              match.values().stream()
                  .<Condition>map(words -> new Condition.Words("message", words, match.allWords()))
                  .toList());
      default -> argument(match.field()).map(f -> keyword(f, match)).orElse(Condition.NONE);
    };
  }

  /** The searchable copy of an argument. */
  private static Optional<String> argument(String field) {
    return field.startsWith(ARGS + ".")
        ? Optional.of("args_search" + field.substring(ARGS.length()))
        : Optional.empty();
  }

  @Override
  Condition existsField(String field) {
    if (field.equals(ARGS)) {
      return Condition.exists("args_search");
    }
    return argument(field)
        .map(Condition::exists)
        .orElseGet(() -> Condition.is(ALWAYS.contains(field)));
  }

  @Override
  public Condition wildcard(Clause.Wildcard wildcard) {
    return wildcard.field().equals("task.key") ? pattern("key", wildcard) : Condition.NONE;
  }

  @Override
  public Condition hasParent(Clause.HasParent hasParent) {
    if (hasParent.parent() != SearchedKind.DOCUMENT) {
      return Condition.NONE;
    }
    return hasParent
        .clause()
        .accept(CopyTranslation.OF_DOCUMENT)
        .orElseGet(() -> Condition.anyOf("document_id", joins.documents(hasParent.clause())));
  }

  @Override
  public Condition hasChild(Clause.HasChild hasChild) {
    return hasChild.child() == SearchedKind.RESULT
        ? Condition.anyOf("id", joins.tasksOfResults(hasChild.clause()))
        : Condition.NONE;
  }
}

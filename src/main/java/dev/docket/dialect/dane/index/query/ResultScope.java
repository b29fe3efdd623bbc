package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;

/**
 * The tasks that may have results that match a query: a condition on tasks that matches at least
 * all of them. None for queries that match no result.
 */
public final class ResultScope extends Translation {

  @Override
  public Condition not(Clause.Not not) {
    return Condition.ALL;
  }

  @Override
  public Condition match(Clause.Match match) {
    return match.field().equals("_routing")
        ? Condition.anyOf("id", match.values())
        : ofField(match.field());
  }

  private static Condition ofField(String field) {
    return Condition.is(
        !field.startsWith("target") && !field.startsWith("creator") && !field.startsWith("task"));
  }

  @Override
  public Condition exists(Clause.Exists exists) {
    return ofField(exists.field());
  }

  @Override
  public Condition wildcard(Clause.Wildcard wildcard) {
    return ofField(wildcard.field());
  }

  @Override
  public Condition hasParent(Clause.HasParent hasParent) {
    return hasParent.parent() == SearchedKind.TASK
        ? hasParent.clause().accept(new TaskScope())
        : Condition.NONE;
  }

  /** The tasks that may match a query on tasks. */
  private static final class TaskScope extends Translation {

    @Override
    public Condition not(Clause.Not not) {
      return Condition.ALL;
    }

    @Override
    public Condition match(Clause.Match match) {
      return switch (match.field()) {
        case "_id" -> Condition.anyOf("id", match.values());
        case "_routing" -> Condition.anyOf("document_id", match.values());
        case "task.key" -> Condition.anyOf("key", match.values());
        default -> Condition.ALL;
      };
    }

    @Override
    public Condition exists(Clause.Exists exists) {
      return Condition.ALL;
    }

    @Override
    public Condition wildcard(Clause.Wildcard wildcard) {
      return Condition.ALL;
    }

    @Override
    public Condition hasParent(Clause.HasParent hasParent) {
      return hasParent.clause().accept(CopyTranslation.OF_DOCUMENT).orElse(Condition.ALL);
    }

    @Override
    public Condition hasChild(Clause.HasChild hasChild) {
      return Condition.ALL;
    }
  }
}

package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Translates queries on a parent to conditions on what its children have copied of it. Empty if
 * they have not copied all that the query asks for.
 *
 * @param copied the fields of the child, by the fields of the parent whose values they have
 * @param always the fields that every parent has
 */
record CopyTranslation(SearchedKind parent, Map<String, String> copied, Set<String> always)
    implements Clause.Visitor<Optional<Condition>> {

  /** What tasks have copied of their documents. */
  static final CopyTranslation OF_DOCUMENT =
      new CopyTranslation(
          SearchedKind.DOCUMENT,
          Map.of(
              "_id", "document_id",
              "target.id", "target.id",
              "target.type", "target.type",
              "creator.id", "creator.id"),
          Set.of("_id", "role", "target", "target.id", "target.type", "creator", "creator.id"));

  /** What results have copied of their tasks. */
  static final CopyTranslation OF_TASK =
      new CopyTranslation(
          SearchedKind.TASK,
          Map.of("_id", "task_id", "_routing", "document_id", "task.key", "key"),
          Set.of("_id", "_routing", "role", "task", "task.key", "task.state", "task.priority"));

  @Override
  public Optional<Condition> all(Clause.All all) {
    return each(all.clauses(), Condition::and);
  }

  @Override
  public Optional<Condition> any(Clause.Any any) {
    return each(any.clauses(), Condition::or);
  }

  private Optional<Condition> each(
      List<Clause> clauses, Function<Collection<Condition>, Condition> combine) {
    List<Condition> conditions =
        clauses.stream().flatMap(clause -> clause.accept(this).stream()).toList();
    return conditions.size() == clauses.size()
        ? Optional.of(combine.apply(conditions))
        : Optional.empty();
  }

  @Override
  public Optional<Condition> not(Clause.Not not) {
    return not.clause().accept(this).map(Condition::not);
  }

  @Override
  public Optional<Condition> match(Clause.Match match) {
    return match.field().equals("role")
        ? Optional.of(Condition.is(match.values().contains(JsonBody.name(parent))))
        : child(match.field()).map(field -> Condition.anyOf(field, match.values()));
  }

  private Optional<String> child(String field) {
    return Optional.ofNullable(copied.get(field));
  }

  @Override
  public Optional<Condition> exists(Clause.Exists exists) {
    return always.contains(exists.field()) ? Optional.of(Condition.ALL) : Optional.empty();
  }

  @Override
  public Optional<Condition> wildcard(Clause.Wildcard wildcard) {
    return child(wildcard.field())
        .map(field -> new Condition.Wildcard(field, wildcard.pattern(), wildcard.ignoreCase()));
  }

  /** Documents have no parent. */
  @Override
  public Optional<Condition> hasParent(Clause.HasParent hasParent) {
    return parent == SearchedKind.DOCUMENT ? Optional.of(Condition.NONE) : Optional.empty();
  }

  @Override
  public Optional<Condition> hasChild(Clause.HasChild hasChild) {
    return Optional.empty();
  }
}

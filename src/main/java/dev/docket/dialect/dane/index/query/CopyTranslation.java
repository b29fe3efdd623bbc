package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Translates queries on a parent to conditions on what its children have copied of it. Empty if
 * they have not copied all that the query asks for.
 */
abstract class CopyTranslation implements Clause.Visitor<Optional<Condition>> {

  private final SearchedKind parent;

  CopyTranslation(SearchedKind parent) {
    this.parent = parent;
  }

  @Override
  public final Optional<Condition> all(Clause.All all) {
    return each(all.clauses(), Condition::and);
  }

  @Override
  public final Optional<Condition> any(Clause.Any any) {
    return each(any.clauses(), Condition::or);
  }

  private Optional<Condition> each(
      List<Clause> clauses, Function<Collection<Condition>, Condition> combine) {
    List<Condition> conditions = new ArrayList<>();
    for (Clause clause : clauses) {
      Optional<Condition> condition = clause.accept(this);
      if (condition.isEmpty()) {
        return condition;
      }
      condition.ifPresent(conditions::add);
    }
    return Optional.of(combine.apply(conditions));
  }

  @Override
  public final Optional<Condition> not(Clause.Not not) {
    return not.clause().accept(this).map(Condition::not);
  }

  @Override
  public final Optional<Condition> match(Clause.Match match) {
    return match.field().equals("role")
        ? Optional.of(Condition.is(match.values().contains(JsonBody.name(parent))))
        : copied(match.field()).map(field -> Condition.anyOf(field, match.values()));
  }

  /** The field of the child with the value of this field; empty if it has none. */
  abstract Optional<String> copied(String field);

  @Override
  public final Optional<Condition> wildcard(Clause.Wildcard wildcard) {
    return copied(wildcard.field())
        .map(field -> new Condition.Wildcard(field, wildcard.pattern(), wildcard.ignoreCase()));
  }

  @Override
  public Optional<Condition> hasParent(Clause.HasParent hasParent) {
    return Optional.empty();
  }

  @Override
  public final Optional<Condition> hasChild(Clause.HasChild hasChild) {
    return Optional.empty();
  }
}

package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import java.util.List;

/** What all translations to conditions have in common. */
abstract class Translation implements Clause.Visitor<Condition> {

  @Override
  public final Condition all(Clause.All all) {
    return Condition.and(each(all.clauses()));
  }

  @Override
  public final Condition any(Clause.Any any) {
    return Condition.or(each(any.clauses()));
  }

  private List<Condition> each(List<Clause> clauses) {
    return clauses.stream().map(clause -> clause.accept(this)).toList();
  }

  /** Matches nothing, unless the records have a parent. */
  @Override
  public Condition hasParent(Clause.HasParent hasParent) {
    return Condition.NONE;
  }

  /** Matches nothing, unless the records have children. */
  @Override
  public Condition hasChild(Clause.HasChild hasChild) {
    return Condition.NONE;
  }
}

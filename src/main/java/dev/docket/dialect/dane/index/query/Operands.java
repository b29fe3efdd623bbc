package dev.docket.dialect.dane.index.query;

import dev.docket.dialect.dane.index.query.QueryStringTokens.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clauses on one level of a query string. {@code AND} makes the clauses on both sides required,
 * {@code OR} changes nothing, and {@code NOT} belongs to the clause that follows: there is no
 * precedence between them.
 */
final class Operands {

  private enum Occurrence {
    OPTIONAL,
    REQUIRED,
    PROHIBITED
  }

  private final boolean and;
  private final List<Clause> clauses = new ArrayList<>();
  private final List<Occurrence> occurrences = new ArrayList<>();

  /**
   * @param and whether a clause without operator is required
   */
  Operands(boolean and) {
    this.and = and;
  }

  /**
   * Adds a clause.
   *
   * @param conjunction {@code AND}, {@code OR} or nothing before the clause
   * @param modifier {@code NOT}, {@code +}, {@code -} or nothing
   */
  void add(@Nullable Kind conjunction, @Nullable Kind modifier, Clause clause) {
    int last = occurrences.size() - 1;
    if (last >= 0 && occurrences.get(last) != Occurrence.PROHIBITED) {
      if (conjunction == Kind.AND) {
        occurrences.set(last, Occurrence.REQUIRED);
      } else if (and && conjunction == Kind.OR) {
        occurrences.set(last, Occurrence.OPTIONAL);
      }
    }
    clauses.add(clause);
    occurrences.add(occurrence(conjunction, modifier));
  }

  private Occurrence occurrence(@Nullable Kind conjunction, @Nullable Kind modifier) {
    if (modifier == Kind.NOT || modifier == Kind.PROHIBITED) {
      return Occurrence.PROHIBITED;
    }
    boolean required =
        and ? conjunction != Kind.OR : conjunction == Kind.AND || modifier == Kind.REQUIRED;
    return required ? Occurrence.REQUIRED : Occurrence.OPTIONAL;
  }

  /** What the clauses mean together. */
  Clause combined() {
    List<Clause> all = new ArrayList<>(those(Occurrence.REQUIRED));
    List<Clause> optional = those(Occurrence.OPTIONAL);
    if (all.isEmpty() && !optional.isEmpty()) {
      all.add(optional.size() == 1 ? optional.get(0) : new Clause.Any(optional));
    }
    those(Occurrence.PROHIBITED).forEach(clause -> all.add(new Clause.Not(clause)));
    return all.size() == 1 ? all.get(0) : new Clause.All(all);
  }

  private List<Clause> those(Occurrence occurrence) {
    List<Clause> found = new ArrayList<>();
    for (int i = 0; i < clauses.size(); i++) {
      if (occurrences.get(i) == occurrence) {
        found.add(clauses.get(i));
      }
    }
    return found;
  }
}

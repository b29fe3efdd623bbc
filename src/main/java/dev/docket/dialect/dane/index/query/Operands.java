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

  private record Operand(Clause clause, Occurrence occurrence) {}

  private final boolean and;
  private final List<Operand> operands = new ArrayList<>();

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
    int last = operands.size() - 1;
    if (last >= 0
        && operands.get(last).occurrence() != Occurrence.PROHIBITED
        && (conjunction == Kind.AND || (and && conjunction == Kind.OR))) {
      Occurrence joined = conjunction == Kind.AND ? Occurrence.REQUIRED : Occurrence.OPTIONAL;
      operands.set(last, new Operand(operands.get(last).clause(), joined));
    }
    operands.add(new Operand(clause, occurrence(conjunction, modifier)));
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
    return operands.stream()
        .filter(operand -> operand.occurrence() == occurrence)
        .map(Operand::clause)
        .toList();
  }
}

package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.SearchedKind;
import java.util.List;

/** A query on DANE's index. */
public sealed interface Clause {

  /** Matches everything. */
  Clause EVERYTHING = new All(List.of());

  /** Matches nothing. */
  Clause NOTHING = new Any(List.of());

  /** Matches what matches all clauses. */
  record All(List<Clause> clauses) implements Clause {
    public All {
      clauses = List.copyOf(clauses);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.all(this);
    }
  }

  /** Matches what matches at least one clause. */
  record Any(List<Clause> clauses) implements Clause {
    public Any {
      clauses = List.copyOf(clauses);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.any(this);
    }
  }

  /** Matches what does not match the clause. */
  record Not(Clause clause) implements Clause {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.not(this);
    }
  }

  /**
   * Matches what has one of the values in the field.
   *
   * @param values never empty; numbers without fraction and leading zeros, times as DANE writes
   *     them
   * @param allWords for texts: whether all words of a value are required, and not just one
   */
  record Match(String field, List<String> values, boolean allWords) implements Clause {
    public Match {
      values = List.copyOf(values);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.match(this);
    }
  }

  /** Matches what has a value in the field. */
  record Exists(String field) implements Clause {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.exists(this);
    }
  }

  /** Matches what has a field that matches a pattern of {@code *}, {@code ?} and {@code \}. */
  record Wildcard(String field, String pattern, boolean ignoreCase) implements Clause {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.wildcard(this);
    }
  }

  /** Matches what has a parent of this kind that matches the clause. */
  record HasParent(SearchedKind parent, Clause clause) implements Clause {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.hasParent(this);
    }
  }

  /** Matches what has a child of this kind that matches the clause. */
  record HasChild(SearchedKind child, Clause clause) implements Clause {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.hasChild(this);
    }
  }

  /** Calls the visitor's method for this kind of clause. */
  <R> R accept(Visitor<R> visitor);

  /**
   * What to do for each kind of clause.
   *
   * @param <R> the type of the outcome
   */
  interface Visitor<R> {
    R all(All all);

    R any(Any any);

    R not(Not not);

    R match(Match match);

    R exists(Exists exists);

    R wildcard(Wildcard wildcard);

    R hasParent(HasParent hasParent);

    R hasChild(HasChild hasChild);
  }
}

package dev.docket.search.record;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A condition on the fields of a record. The factory methods simplify, so that {@link #ALL} and
 * {@link #NONE} occur only on their own.
 */
public sealed interface Condition {

  /** Matches every record. */
  Condition ALL = new All();

  /** Matches no record. */
  Condition NONE = new Not(ALL);

  /** Matches every record. */
  record All() implements Condition {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.all();
    }
  }

  /** Matches the records that match all parts. */
  record And(List<Condition> parts) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.and(this);
    }
  }

  /** Matches the records that match at least one part. */
  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.or(this);
    }
  }

  /** Matches the records that do not match the condition. */
  record Not(Condition condition) implements Condition {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.not(this);
    }
  }

  /** Matches the records whose field has one of these values, with case. */
  record Equal(String field, List<String> values) implements Condition {
    public Equal {
      values = List.copyOf(values);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.equal(this);
    }
  }

  /** Matches the records that have a value in this field. */
  record Exists(String field) implements Condition {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.exists(this);
    }
  }

  /**
   * Matches the records whose field matches the pattern as a whole.
   *
   * @param pattern {@code *} stands for any text, {@code ?} for one character, {@code \} makes the
   *     next character literal
   */
  record Wildcard(String field, String pattern, boolean ignoreCase) implements Condition {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.wildcard(this);
    }
  }

  /** Matches the records whose text has one of the words, or all of them. */
  record Words(String field, String words, boolean all) implements Condition {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.words(this);
    }
  }

  /** Matches the records whose time is not before {@code from}, and before {@code to}. */
  record Between(String field, Instant from, Instant to) implements Condition {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.between(this);
    }
  }

  /** Calls the visitor's method for this kind of condition. */
  <R> R accept(Visitor<R> visitor);

  /**
   * What to do for each kind of condition.
   *
   * @param <R> the type of the outcome
   */
  interface Visitor<R> {
    R all();

    R and(And and);

    R or(Or or);

    R not(Not not);

    R equal(Equal equal);

    R exists(Exists exists);

    R wildcard(Wildcard wildcard);

    R words(Words words);

    R between(Between between);
  }

  static Condition is(boolean matchesAll) {
    return matchesAll ? ALL : NONE;
  }

  static Condition equal(String field, String value) {
    return new Equal(field, List.of(value));
  }

  /** Matches nothing if there are no values. */
  static Condition anyOf(String field, Collection<String> values) {
    return values.isEmpty() ? NONE : new Equal(field, values.stream().distinct().toList());
  }

  static Condition exists(String field) {
    return new Exists(field);
  }

  static Condition not(Condition condition) {
    return condition instanceof Not not ? not.condition() : new Not(condition);
  }

  static Condition and(Condition... parts) {
    return and(Arrays.asList(parts));
  }

  /** Matches all records if there are no parts. */
  static Condition and(Collection<Condition> parts) {
    Set<Condition> flat = new LinkedHashSet<>();
    for (Condition part : parts) {
      if (part.equals(NONE)) {
        return NONE;
      }
      if (part instanceof And and) {
        flat.addAll(and.parts());
      } else if (!part.equals(ALL)) {
        flat.add(part);
      }
    }
    return switch (flat.size()) {
      case 0 -> ALL;
      case 1 -> flat.iterator().next();
      default -> new And(List.copyOf(flat));
    };
  }

  static Condition or(Condition... parts) {
    return or(Arrays.asList(parts));
  }

  /** Matches no record if there are no parts. */
  static Condition or(Collection<Condition> parts) {
    Set<Condition> flat = new LinkedHashSet<>();
    for (Condition part : parts) {
      if (part.equals(ALL)) {
        return ALL;
      }
      if (part instanceof Or or) {
        flat.addAll(or.parts());
      } else if (!part.equals(NONE)) {
        flat.add(part);
      }
    }
    return switch (flat.size()) {
      case 0 -> NONE;
      case 1 -> flat.iterator().next();
      default -> new Or(List.copyOf(flat));
    };
  }
}

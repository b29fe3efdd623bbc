package dev.docket.search.record;

import dev.docket.auth.OwnerFilter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A condition on the fields of a record. The factory methods simplify, so that {@link #ALL} and
 * {@link #NONE} occur only on their own.
 */
public sealed interface Condition {

  /** Matches every record. */
  Condition ALL = new And(List.of());

  /** Matches no record. */
  Condition NONE = new Not(ALL);

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

  /** Matches the records of these owners. */
  static Condition ownedBy(OwnerFilter owners) {
    if (owners.includesAll()) {
      return ALL;
    }
    String group = owners.group();
    return or(
        equal("owner.name", owners.name()), group == null ? NONE : equal("owner.group", group));
  }

  static Condition not(Condition condition) {
    return condition instanceof Not not ? not.condition() : new Not(condition);
  }

  static Condition and(Condition... parts) {
    return and(Arrays.asList(parts));
  }

  /** Matches all records if there are no parts. */
  static Condition and(Collection<Condition> parts) {
    return join(parts, ALL, NONE, And::new, part -> part instanceof And and ? and.parts() : null);
  }

  static Condition or(Condition... parts) {
    return or(Arrays.asList(parts));
  }

  /** Matches no record if there are no parts. */
  static Condition or(Collection<Condition> parts) {
    return join(parts, NONE, ALL, Or::new, part -> part instanceof Or or ? or.parts() : null);
  }

  /**
   * Joins conditions.
   *
   * @param neutral the condition that changes nothing
   * @param decisive the condition that decides alone
   * @param partsOf the parts of a condition of the joined kind; null for the other kinds
   */
  private static Condition join(
      Collection<Condition> parts,
      Condition neutral,
      Condition decisive,
      Function<List<Condition>, Condition> joined,
      Function<Condition, @Nullable List<Condition>> partsOf) {
    Set<Condition> flat = new LinkedHashSet<>();
    for (Condition part : parts) {
      if (part.equals(decisive)) {
        return decisive;
      }
      List<Condition> own = partsOf.apply(part);
      if (own != null) {
        flat.addAll(own);
      } else if (!part.equals(neutral)) {
        flat.add(part);
      }
    }
    return switch (flat.size()) {
      case 0 -> neutral;
      case 1 -> flat.iterator().next();
      default -> joined.apply(List.copyOf(flat));
    };
  }
}

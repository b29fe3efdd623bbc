package dev.docket.service;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks values against the rules of an option or a field. */
final class ValueCheck {

  private static final int MAX_SHOWN = 20;

  private ValueCheck() {}

  /** What is wrong with a value, and what is allowed; empty if it is valid. */
  static Optional<String> violation(
      ValueType type,
      @Nullable Number min,
      @Nullable Number max,
      List<Object> allowed,
      @Nullable Object value) {
    if (!type.matches(value)) {
      return Optional.of(type.rule());
    }
    if (!allowed.isEmpty() && allowed.stream().noneMatch(choice -> same(choice, value))) {
      return Optional.of("must be one of " + shown(allowed));
    }
    if (value instanceof Number number
        && ((min != null && compare(number, min) < 0)
            || (max != null && compare(number, max) > 0))) {
      return Optional.of(range(min, max));
    }
    return Optional.empty();
  }

  static int compare(Number left, Number right) {
    return ValueType.decimal(left).compareTo(ValueType.decimal(right));
  }

  /** Whether two JSON values are equal; 1 and 1.0 are. */
  static boolean same(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      return compare(a, b) == 0;
    }
    return Objects.equals(left, right);
  }

  private static String range(@Nullable Number min, @Nullable Number max) {
    if (min == null) {
      return "must be at most " + max;
    }
    return max == null ? "must be at least " + min : "must be between " + min + " and " + max;
  }

  private static String shown(List<Object> allowed) {
    List<Object> first = allowed.subList(0, Math.min(MAX_SHOWN, allowed.size()));
    String more =
        allowed.size() > MAX_SHOWN ? " and " + (allowed.size() - MAX_SHOWN) + " more" : "";
    return first + more;
  }
}

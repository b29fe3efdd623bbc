package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type of an option or a field, in the terms of JSON. */
public enum ValueType {
  STRING("a string"),
  /** A string of several lines. */
  TEXT("a string"),
  /** A number without a fraction, as in JSON Schema. */
  INTEGER("an integer"),
  NUMBER("a number"),
  BOOLEAN("true or false"),
  ARRAY("an array"),
  OBJECT("an object"),
  /** A string that names a stored file. */
  FILE("a string that names a file");

  private final String rule;

  ValueType(String rule) {
    this.rule = rule;
  }

  /** The name in JSON. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a value must be, for error messages. */
  String rule() {
    return "must be " + rule;
  }

  boolean isNumeric() {
    return this == INTEGER || this == NUMBER;
  }

  /** Whether a parsed JSON value has this type. Null has none. */
  boolean matches(@Nullable Object json) {
    return switch (this) {
      case STRING, TEXT, FILE -> json instanceof String;
      case INTEGER -> json instanceof Number number && isWhole(number);
      case NUMBER -> json instanceof Number;
      case BOOLEAN -> json instanceof Boolean;
      case ARRAY -> json instanceof Collection<?>;
      case OBJECT -> json instanceof Map<?, ?>;
    };
  }

  private static boolean isWhole(Number number) {
    return number instanceof Integer
        || number instanceof Long
        || number instanceof BigInteger
        || decimal(number).stripTrailingZeros().scale() <= 0;
  }

  /** The exact value of a parsed JSON number. */
  static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }
}

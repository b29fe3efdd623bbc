package dev.docket.dialect.dane.index.query;

import dev.docket.dialect.dane.DaneParameters;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Set;

/** The fields of DANE's index, as far as their types matter to a query. */
final class DaneField {

  /** How an index compares the values of a field. */
  enum Type {
    KEYWORD,
    TEXT,
    NUMBER,
    TIME,
    /** Metadata of a record. */
    META
  }

  private static final Set<String> TEXTS =
      Set.of("target.url", "creator.name", "task.msg", "result.generator.homepage");
  private static final Set<String> NUMBERS = Set.of("task.state", "task.priority");
  private static final Set<String> TIMES = Set.of("created_at", "updated_at");
  private static final Set<String> META = Set.of("_id", "_routing");

  private static final int MAX_PATTERN_LENGTH = 1_000;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

  private DaneField() {}

  static Type type(String field) {
    if (NUMBERS.contains(field)) {
      return Type.NUMBER;
    }
    if (TIMES.contains(field)) {
      return Type.TIME;
    }
    if (META.contains(field)) {
      return Type.META;
    }
    return TEXTS.contains(field) ? Type.TEXT : Type.KEYWORD;
  }

  /**
   * A clause for values of the field.
   *
   * @throws InvalidQuery if a value cannot be one of the field's
   */
  static Clause match(String field, List<String> values, boolean allWords) {
    List<String> possible =
        switch (type(field)) {
          case NUMBER -> values.stream().flatMap(value -> number(value).stream()).toList();
          case TIME -> values.stream().map(DaneField::time).toList();
          case KEYWORD, TEXT, META -> values.stream().filter(DaneField::isUnicode).toList();
        };
    return possible.isEmpty() ? Clause.NOTHING : new Clause.Match(field, possible, allWords);
  }

  /**
   * A clause for a pattern.
   *
   * @throws InvalidQuery if the field has no patterns
   */
  static Clause wildcard(String field, String pattern, boolean ignoreCase) {
    if (type(field) != Type.KEYWORD && type(field) != Type.TEXT) {
      throw InvalidQuery.shard(
          "Can only use wildcard queries on keyword, text and wildcard fields - not on [%s]"
              .formatted(field));
    }
    if (pattern.length() > MAX_PATTERN_LENGTH) {
      throw InvalidQuery.unsupported("patterns of more than " + MAX_PATTERN_LENGTH + " characters");
    }
    return isUnicode(pattern) ? new Clause.Wildcard(field, pattern, ignoreCase) : Clause.NOTHING;
  }

  /** The number as the records have it; empty if it has a fraction or no record can have it. */
  private static List<String> number(String text) {
    BigDecimal number =
        DaneParameters.<BigDecimal>parsed(text.strip(), BigDecimal::new)
            .orElseThrow(
                () ->
                    InvalidQuery.shard(
                        "failed to create query: For input string: \"" + text + "\""));
    try {
      return List.of(String.valueOf(number.intValueExact()));
    } catch (ArithmeticException fraction) {
      return List.of();
    }
  }

  private static String time(String text) {
    try {
      return TIME.format(LocalDateTime.parse(text, TIME));
    } catch (DateTimeException e) {
      throw InvalidQuery.shard(
          "failed to create query: failed to parse date field ["
              + text
              + "] with format [date_hour_minute_second]");
    }
  }

  /** The time of a value that {@link #match} accepts. */
  static LocalDateTime dateTime(String value) {
    return LocalDateTime.parse(value, TIME);
  }

  /** Whether the text has no unpaired surrogate, which no record can contain. */
  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}

package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** What the translations to conditions on the three kinds have in common. */
abstract class KindTranslation extends Translation {

  private final SearchedKind kind;

  /**
   * @param kind the kind of records that the conditions are for
   */
  KindTranslation(SearchedKind kind) {
    this.kind = kind;
  }

  @Override
  public final Condition not(Clause.Not not) {
    return Condition.not(not.clause().accept(this));
  }

  @Override
  public final Condition match(Clause.Match match) {
    return switch (match.field()) {
      case "_id" -> Condition.anyOf("id", match.values());
      case "role" -> Condition.is(match.values().contains(JsonBody.name(kind)));
      case "created_at" -> time("created_at", match.values());
      case "updated_at" -> time(updatedAt(), match.values());
      default -> matchField(match);
    };
  }

  /** The field with the time of the last change. */
  String updatedAt() {
    return "updated_at";
  }

  /** DANE's times have no fractions of a second. */
  private static Condition time(String field, List<String> values) {
    return Condition.or(
        values.stream()
            .<Condition>map(
                value -> {
                  Instant from = DaneField.dateTime(value).toInstant(ZoneOffset.UTC);
                  return new Condition.Between(field, from, from.plus(Duration.ofSeconds(1)));
                })
            .toList());
  }

  @Override
  public final Condition exists(Clause.Exists exists) {
    return switch (exists.field()) {
      case "_id", "role", "created_at", "updated_at" -> Condition.ALL;
      default -> existsField(exists.field());
    };
  }

  abstract Condition matchField(Clause.Match match);

  abstract Condition existsField(String field);

  /** The condition for values of a keyword. */
  static Condition keyword(String field, Clause.Match match) {
    return Condition.anyOf(field, match.values());
  }

  static Condition pattern(String field, Clause.Wildcard wildcard) {
    return new Condition.Wildcard(field, wildcard.pattern(), wildcard.ignoreCase());
  }

  /**
   * The condition for words of a text that Docket keeps as one value.
   *
   * @param words the field with the words of this and other texts
   */
  static Condition words(String field, String words, Clause.Match match) {
    return Condition.or(
        match.values().stream()
            .map(
                value -> {
                  List<Condition> each =
                      Stream.of(value.split("[^\\p{L}\\p{N}_.']+", -1))
                          .filter(word -> !word.isEmpty())
                          .map(
                              word ->
                                  Condition.and(
                                      new Condition.Words(words, word, true),
                                      new Condition.Wildcard(field, "*" + word + "*", true)))
                          .toList();
                  return match.allWords() && !each.isEmpty()
                      ? Condition.and(each)
                      : Condition.or(each);
                })
            .toList());
  }
}

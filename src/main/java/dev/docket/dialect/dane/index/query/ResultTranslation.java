package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Set;

/** Translates queries to conditions on results. */
public final class ResultTranslation extends KindTranslation {

  private static final String PAYLOAD = "result.payload";
  private static final String GENERATOR = "result.generator.";

  /** What every result has: Docket adds the parts of a generator that DANE's library requires. */
  private static final Set<String> ALWAYS =
      Set.of(
          "result",
          "result.generator",
          "result.generator.id",
          "result.generator.name",
          "result.generator.type",
          "_routing");

  private final Joins joins;

  public ResultTranslation(Joins joins) {
    super(SearchedKind.RESULT);
    this.joins = joins;
  }

  @Override
  String updatedAt() {
    return "created_at";
  }

  @Override
  Condition matchField(Clause.Match match) {
    String field = match.field();
    if (field.equals("_routing")) {
      return keyword("task_id", match);
    }
    if (field.startsWith(PAYLOAD + ".")) {
      return keyword("payload_search" + field.substring(PAYLOAD.length()), match);
    }
    if (field.startsWith(GENERATOR)) {
      String stored = "generator_search." + field.substring(GENERATOR.length());
      Condition without = Condition.not(Condition.exists(stored));
      return switch (field) {
        case "result.generator.id", "result.generator.name" ->
            Condition.or(keyword(stored, match), Condition.and(without, keyword("key", match)));
        case "result.generator.type" ->
            match.values().contains("Software")
                ? Condition.or(keyword(stored, match), without)
                : keyword(stored, match);
        default -> keyword(stored, match);
      };
    }
    return Condition.NONE;
  }

  @Override
  Condition existsField(String field) {
    if (field.equals(PAYLOAD)) {
      // A payload outside the record is large, and therefore not empty.
      return Condition.or(Condition.exists("payload_search"), Condition.exists("payload_bytes"));
    }
    if (field.startsWith(PAYLOAD + ".")) {
      return Condition.exists("payload_search" + field.substring(PAYLOAD.length()));
    }
    if (ALWAYS.contains(field)) {
      return Condition.ALL;
    }
    return field.startsWith(GENERATOR)
        ? Condition.exists("generator_search." + field.substring(GENERATOR.length()))
        : Condition.NONE;
  }

  @Override
  public Condition wildcard(Clause.Wildcard wildcard) {
    String field = wildcard.field();
    return field.startsWith(GENERATOR)
        ? pattern("generator_search." + field.substring(GENERATOR.length()), wildcard)
        : Condition.NONE;
  }

  @Override
  public Condition hasParent(Clause.HasParent hasParent) {
    if (hasParent.parent() != SearchedKind.TASK) {
      return Condition.NONE;
    }
    return hasParent
        .clause()
        .accept(CopyTranslation.OF_TASK)
        .orElseGet(() -> Condition.anyOf("task_id", joins.tasks(hasParent.clause())));
  }
}

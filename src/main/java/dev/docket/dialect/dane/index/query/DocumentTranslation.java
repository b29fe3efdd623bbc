package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Set;

/** Translates queries to conditions on documents. */
public final class DocumentTranslation extends KindTranslation {

  private static final Set<String> KEYWORDS =
      Set.of("target.id", "target.type", "creator.id", "creator.type");
  private static final Set<String> ALWAYS =
      Set.of(
          "target",
          "target.id",
          "target.url",
          "target.type",
          "creator",
          "creator.id",
          "creator.type");

  private final Joins joins;

  public DocumentTranslation(Joins joins) {
    super(SearchedKind.DOCUMENT);
    this.joins = joins;
  }

  @Override
  Condition matchField(Clause.Match match) {
    if (KEYWORDS.contains(match.field())) {
      return keyword(match.field(), match);
    }
    return switch (match.field()) {
      case "target.url", "creator.name" -> words(match.field(), "words", match);
      default -> Condition.NONE;
    };
  }

  @Override
  Condition existsField(String field) {
    if (field.equals("creator.name")) {
      return Condition.exists(field);
    }
    return Condition.is(ALWAYS.contains(field));
  }

  @Override
  public Condition wildcard(Clause.Wildcard wildcard) {
    if (KEYWORDS.contains(wildcard.field())) {
      return pattern(wildcard.field(), wildcard);
    }
    return switch (wildcard.field()) {
      case "target.url", "creator.name" -> pattern(wildcard.field(), wildcard);
      default -> Condition.NONE;
    };
  }

  @Override
  public Condition hasParent(Clause.HasParent hasParent) {
    return Condition.NONE;
  }

  @Override
  public Condition hasChild(Clause.HasChild hasChild) {
    return hasChild.child() == SearchedKind.TASK
        ? Condition.anyOf("id", joins.documentsOfTasks(hasChild.clause()))
        : Condition.NONE;
  }
}

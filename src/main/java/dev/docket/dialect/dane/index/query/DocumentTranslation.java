package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Set;

/** Translates queries to conditions on documents. */
public final class DocumentTranslation extends KindTranslation {

  private static final Set<String> KEYWORDS =
      Set.of("target.id", "target.type", "creator.id", "creator.type");
  private static final Set<String> TEXTS = Set.of("target.url", "creator.name");

  /** What every document has beside the keywords. */
  private static final Set<String> ALWAYS = Set.of("target", "target.url", "creator");

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
    return TEXTS.contains(match.field()) ? words(match.field(), "words", match) : Condition.NONE;
  }

  @Override
  Condition existsField(String field) {
    return field.equals("creator.name")
        ? Condition.exists(field)
        : Condition.is(ALWAYS.contains(field) || KEYWORDS.contains(field));
  }

  @Override
  public Condition wildcard(Clause.Wildcard wildcard) {
    String field = wildcard.field();
    return KEYWORDS.contains(field) || TEXTS.contains(field)
        ? pattern(field, wildcard)
        : Condition.NONE;
  }

  @Override
  public Condition hasChild(Clause.HasChild hasChild) {
    return hasChild.child() == SearchedKind.TASK
        ? Condition.anyOf("id", joins.documentsOfTasks(hasChild.clause()))
        : Condition.NONE;
  }
}

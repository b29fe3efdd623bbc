package dev.docket.dialect.dane.index.query;

import dev.docket.search.record.Condition;
import dev.docket.search.record.SearchedKind;
import java.util.Optional;
import java.util.Set;

/** What tasks have copied of their documents. */
final class DocumentCopy extends CopyTranslation {

  private static final Set<String> ALWAYS =
      Set.of("_id", "role", "target", "target.id", "target.type", "creator", "creator.id");

  DocumentCopy() {
    super(SearchedKind.DOCUMENT);
  }

  @Override
  Optional<String> copied(String field) {
    return switch (field) {
      case "_id" -> Optional.of("document_id");
      case "target.id", "target.type", "creator.id" -> Optional.of(field);
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<Condition> exists(Clause.Exists exists) {
    return ALWAYS.contains(exists.field()) ? Optional.of(Condition.ALL) : Optional.empty();
  }

  @Override
  public Optional<Condition> hasParent(Clause.HasParent hasParent) {
    return Optional.of(Condition.NONE);
  }
}

package dev.docket.search.record;

import java.util.EnumMap;
import java.util.Map;

/**
 * The records to be found: a condition for each kind. A kind without a condition is not searched.
 * Never found are documents and tasks that are being deleted, and results other than those of the
 * latest successful run of a task.
 */
public record RecordSelection(Map<SearchedKind, Condition> conditions) {

  public RecordSelection {
    Map<SearchedKind, Condition> some = new EnumMap<>(SearchedKind.class);
    conditions.forEach(
        (kind, condition) -> {
          if (!condition.equals(Condition.NONE)) {
            some.put(kind, condition);
          }
        });
    conditions = Map.copyOf(some);
  }

  /** Records of one kind. */
  public static RecordSelection of(SearchedKind kind, Condition condition) {
    return new RecordSelection(Map.of(kind, condition));
  }
}

package dev.docket.search.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of records, oldest first.
 *
 * @param records at most as many as asked for; a record that cannot be read is logged and omitted
 * @param last the position after which the next page starts; null if the page read nothing
 * @param complete whether no record follows
 */
public record RecordPage(List<FoundRecord> records, @Nullable Position last, boolean complete) {

  public RecordPage {
    records = List.copyOf(records);
  }

  /**
   * The position of a record in a snapshot: its creation time, id, and what tells records with the
   * same time and id apart.
   */
  public record Position(long createdAt, String id, long tieBreaker) {}
}

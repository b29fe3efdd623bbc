package dev.docket.dialect.dane.importing;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The records of DANE's index. The methods block, and fail with {@link ImportFailed}. */
interface DaneRecords {

  /** The number of records of a type. */
  long count(RecordType type);

  /** Reads all documents, page by page, in no particular order. */
  void documents(Consumer<List<DaneHit>> page);

  /** Reads the tasks of these documents. */
  List<DaneHit> tasksOf(Collection<String> documents);

  /** Reads the results of these tasks, each once and one at a time, as they may be large. */
  void resultsOf(Collection<String> tasks, Consumer<DaneHit> result);

  /** Reads the results of these tasks, each once, without their payloads. */
  void resultIdsOf(Collection<String> tasks, Consumer<DaneHit> result);

  /** Finds the records that {@link #tasksOf} and the other methods do not find. */
  List<Unreachable> unreachable();

  /**
   * Records that belong to no document.
   *
   * @param examples a few of their ids
   */
  record Unreachable(RecordType type, ImportFinding finding, long count, List<String> examples) {}
}

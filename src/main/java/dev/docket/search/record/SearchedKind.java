package dev.docket.search.record;

/** The kinds of records that can be searched together. */
public enum SearchedKind {
  DOCUMENT,
  TASK,
  RESULT
}

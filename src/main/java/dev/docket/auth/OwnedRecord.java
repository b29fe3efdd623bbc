package dev.docket.auth;

/** The kinds of records that have an {@link Owner}. */
public enum OwnedRecord {
  DOCUMENT,
  TASK,
  RESULT
}

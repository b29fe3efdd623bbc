package dev.docket.dialect.dane.importing;

/** What the report of an import says about single records. */
enum ImportFinding {
  INVALID_ID(false, "the id is not 1 to 128 characters of A-Z a-z 0-9 _ -"),
  INVALID_DOCUMENT(
      false,
      "the target needs an id, a url and a known type, the creator an id and a known type,"
          + " each text at most 8192 bytes"),
  OTHER_PAIR(false, "Docket has a document with this id, but another target and creator"),
  DELETED(false, "Docket has this document as a deleted one"),
  DOCUMENT_NOT_IMPORTED(false, "its document is not imported"),
  NO_DOCUMENT(false, "DANE has no document that it belongs to"),
  INVALID_KEY(false, "the key is not 1 to 64 characters of A-Z 0-9 _ -"),
  INVALID_STATE(false, "the state is not a number"),
  TASK_NOT_IMPORTED(false, "its task is not imported"),
  NO_TASK(false, "DANE has no task that it belongs to"),
  ADDED_LATER(false, "DANE stored it after its task had been imported"),
  PAYLOAD_TOO_LARGE(false, "the payload is larger than results.maxPayload"),
  TOO_MANY_RESULTS(false, "its task has more than " + TaskResults.MAX_RESULTS + " results"),
  REJECTED(false, "Docket's Elasticsearch rejects it"),
  OTHER_ID(
      true,
      "the id does not follow from target and creator; a client that registers the document again"
          + " gets another one"),
  NUMERIC_ID(true, "the id of target or creator was a number and is now text"),
  UNKNOWN_STATE(true, "the state is unknown; it is 500, with the number as answered_state"),
  SENT_AGAIN(true, "it had not ended; Docket sends it again"),
  RESULTS_WITHOUT_SUCCESS(true, "it did not succeed, but its results are visible, as in DANE"),
  NO_TIME(true, "the time is missing or unreadable; it is the time of the import"),
  OTHER_PRIORITY(true, "the priority was not a number from 0 to 10"),
  DROPPED_KEYS(true, "keys beside generator and payload are dropped");

  private final boolean imported;
  private final String text;

  ImportFinding(boolean imported, String text) {
    this.imported = imported;
    this.text = text;
  }

  /** Whether the record is imported, but differs from the original. */
  boolean imported() {
    return imported;
  }

  String text() {
    return text;
  }
}

package dev.docket.elastic;

/** What there are records of. */
enum RecordKind {
  DOCUMENTS("documents"),
  TASKS("tasks"),
  RESULTS("results"),
  WORKERS("workers");

  private final String plural;

  RecordKind(String plural) {
    this.plural = plural;
  }

  /** As it stands in the names of indices and templates. */
  String plural() {
    return plural;
  }
}

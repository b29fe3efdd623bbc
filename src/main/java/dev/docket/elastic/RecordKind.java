package dev.docket.elastic;

/** What there are records of. */
enum RecordKind {
  DOCUMENTS("documents"),
  TASKS("tasks"),
  RESULTS("results"),
  RECONCILER("reconciler", true),
  WORKERS("workers", true);

  private final String plural;
  private final boolean small;

  RecordKind(String plural) {
    this(plural, false);
  }

  RecordKind(String plural, boolean small) {
    this.plural = plural;
    this.small = small;
  }

  /** Whether one shard is enough for ever. */
  boolean small() {
    return small;
  }

  /** As it stands in the names of indices and templates. */
  String plural() {
    return plural;
  }
}

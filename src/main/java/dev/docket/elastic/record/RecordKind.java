package dev.docket.elastic.record;

/** What there are records of. */
public enum RecordKind {
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
  public boolean small() {
    return small;
  }

  /** As it stands in the names of indices and templates. */
  public String plural() {
    return plural;
  }
}

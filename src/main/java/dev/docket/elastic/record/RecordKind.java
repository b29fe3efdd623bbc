package dev.docket.elastic.record;

/** The kinds of records; each has its own index. */
public enum RecordKind {
  DOCUMENTS("documents"),
  TASKS("tasks"),
  RESULTS("results"),
  PAYLOADS("payloads"),
  LOGS("logs"),
  LEADER("reconciler", true),
  WORKERS("workers", true),
  KEYS("keys", true),
  SERVICES("services", true),
  AUDIT("audit"),
  LIMITS("limits", true),
  SLOTS("slots", true);

  private final String plural;
  private final boolean small;

  RecordKind(String plural) {
    this(plural, false);
  }

  RecordKind(String plural, boolean small) {
    this.plural = plural;
    this.small = small;
  }

  /** Returns whether the index always has a single shard, because it stays small. */
  public boolean small() {
    return small;
  }

  /** Returns the kind's part of the names of its index, alias and templates. */
  public String plural() {
    return plural;
  }
}

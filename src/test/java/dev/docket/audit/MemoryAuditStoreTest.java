package dev.docket.audit;

import java.util.Comparator;
import java.util.List;

final class MemoryAuditStoreTest implements AuditStoreContract {

  private final MemoryAuditStore store = new MemoryAuditStore();

  @Override
  public AuditStore store() {
    return store;
  }

  @Override
  public List<AuditRecord> found() {
    return store.records().stream().sorted(Comparator.comparing(AuditRecord::createdAt)).toList();
  }
}

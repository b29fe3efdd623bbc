package dev.docket.elastic.store;

import dev.docket.audit.AuditRecord;
import dev.docket.audit.AuditStore;
import dev.docket.audit.AuditStoreContract;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import dev.docket.search.SearchQuery;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticAuditStoreIT implements AuditStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "audit");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.AUDIT);
  }

  @Override
  public AuditStore store() {
    return fixture.backend().audit();
  }

  @Override
  public List<AuditRecord> found() {
    return fixture
        .backend()
        .auditSearch()
        .search(
            SearchQuery.everything().sorted(new SearchQuery.Sort("created_at", false)).fresh(true))
        .hits();
  }
}

package dev.docket.elastic.search;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.DocumentStore;
import dev.docket.elastic.ElasticFixture;
import dev.docket.maintenance.ExpiredRecords;
import dev.docket.maintenance.ExpiredRecordsContract;
import dev.docket.task.TaskStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticExpiredRecordsIT implements ExpiredRecordsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "old");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Override
  public TaskStore tasks() {
    return fixture.backend().tasks();
  }

  @Override
  public DocumentStore documents() {
    return fixture.backend().documents();
  }

  @Override
  public ExpiredRecords expiredRecords() {
    return fixture.backend().expiredRecords();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

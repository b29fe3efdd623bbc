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
  static ElasticFixture elastic;

  @BeforeAll
  static void open() {
    elastic = ElasticFixture.open(backends, "old");
  }

  @AfterAll
  static void close() {
    elastic.close();
  }

  @Override
  public TaskStore tasks() {
    return elastic.elastic().tasks();
  }

  @Override
  public DocumentStore documents() {
    return elastic.elastic().documents();
  }

  @Override
  public ExpiredRecords old() {
    return elastic.elastic().oldRecords();
  }

  @Override
  public void refresh() {
    elastic.refresh();
  }
}

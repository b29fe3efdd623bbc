package dev.docket.elastic.search;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.DocumentStore;
import dev.docket.elastic.ElasticUnderTest;
import dev.docket.maintenance.OldRecords;
import dev.docket.maintenance.OldRecordsContract;
import dev.docket.task.TaskStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticOldRecordsIT implements OldRecordsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticUnderTest elastic;

  @BeforeAll
  static void open() {
    elastic = ElasticUnderTest.open(backends, "old");
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
  public OldRecords old() {
    return elastic.elastic().oldRecords();
  }

  @Override
  public void refresh() {
    elastic.refresh();
  }
}

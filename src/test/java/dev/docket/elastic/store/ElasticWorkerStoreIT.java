package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import dev.docket.workerapi.WorkerStore;
import dev.docket.workerapi.WorkerStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticWorkerStoreIT implements WorkerStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture elastic;

  @BeforeAll
  static void open() {
    elastic = ElasticFixture.open(backends, "workers");
  }

  @AfterAll
  static void close() {
    elastic.close();
  }

  @AfterEach
  void empty() {
    elastic.empty(RecordKind.WORKERS);
  }

  @Override
  public WorkerStore workers() {
    return elastic.elastic().workers();
  }

  @Override
  public void refresh() {
    elastic.refresh();
  }
}

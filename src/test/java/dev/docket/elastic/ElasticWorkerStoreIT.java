package dev.docket.elastic;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.worker.WorkerStore;
import dev.docket.worker.WorkerStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticWorkerStoreIT implements WorkerStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticUnderTest elastic;

  @BeforeAll
  static void open() {
    elastic = ElasticUnderTest.open(backends, "workers");
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

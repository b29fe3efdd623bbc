package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import dev.docket.workers.WorkerStore;
import dev.docket.workers.WorkerStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticWorkerStoreIT implements WorkerStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "workers");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.WORKERS);
  }

  @Override
  public WorkerStore workers() {
    return fixture.backend().workers();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

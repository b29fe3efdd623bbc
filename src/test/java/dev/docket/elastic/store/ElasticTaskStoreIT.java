package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.task.TaskStore;
import dev.docket.task.TaskStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticTaskStoreIT implements TaskStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "store");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Override
  public TaskStore store() {
    return fixture.backend().tasks();
  }
}

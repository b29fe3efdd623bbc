package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticUnderTest;
import dev.docket.task.TaskStore;
import dev.docket.task.TaskStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticTaskStoreIT implements TaskStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticUnderTest elastic;

  @BeforeAll
  static void open() {
    elastic = ElasticUnderTest.open(backends, "store");
  }

  @AfterAll
  static void close() {
    elastic.close();
  }

  @Override
  public TaskStore store() {
    return elastic.elastic().tasks();
  }
}

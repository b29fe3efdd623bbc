package dev.docket.elastic;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.task.SweepsContract;
import dev.docket.task.TaskStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticSweepsIT implements SweepsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  private static int count;
  private ElasticUnderTest elastic;

  @BeforeEach
  void open() {
    elastic = ElasticUnderTest.open(backends, "sweeps" + count++);
  }

  @AfterEach
  void close() {
    elastic.close();
  }

  @Override
  public TaskStore store() {
    return elastic.elastic().tasks();
  }

  @Override
  public TaskStore.Sweeps sweeps() {
    return elastic.elastic().sweeps();
  }

  @Override
  public void refresh() {
    elastic.refresh();
  }
}

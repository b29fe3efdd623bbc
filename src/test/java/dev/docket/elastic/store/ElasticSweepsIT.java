package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import dev.docket.task.SweepsContract;
import dev.docket.task.TaskStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticSweepsIT implements SweepsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "sweeps");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.TASKS);
  }

  @Override
  public TaskStore store() {
    return fixture.backend().tasks();
  }

  @Override
  public TaskStore.Sweeps sweeps() {
    return fixture.backend().sweeps();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

package dev.docket.elastic.search;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.counts.Counts;
import dev.docket.counts.CountsContract;
import dev.docket.document.DocumentStore;
import dev.docket.elastic.ElasticFixture;
import dev.docket.task.TaskStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticCountsIT implements CountsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "counts");
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
  public Counts counts() {
    return fixture.backend().counts();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

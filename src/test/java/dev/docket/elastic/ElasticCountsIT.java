package dev.docket.elastic;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.DocumentStore;
import dev.docket.stats.Counts;
import dev.docket.stats.CountsContract;
import dev.docket.task.TaskStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticCountsIT implements CountsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticUnderTest elastic;

  @BeforeAll
  static void open() {
    elastic = ElasticUnderTest.open(backends, "counts");
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
  public Counts counts() {
    return elastic.elastic().counts();
  }

  @Override
  public void refresh() {
    elastic.refresh();
  }
}

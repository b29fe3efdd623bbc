package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.joblog.LogStore;
import dev.docket.joblog.LogStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticLogStoreIT implements LogStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "logs");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Override
  public LogStore logs() {
    return fixture.backend().logs();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

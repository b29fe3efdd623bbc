package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import dev.docket.service.ServiceStore;
import dev.docket.service.ServiceStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticServiceStoreIT implements ServiceStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "services");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.SERVICES);
  }

  @Override
  public ServiceStore services() {
    return fixture.backend().services();
  }
}

package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.result.PayloadStore;
import dev.docket.result.PayloadStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticPayloadStoreIT implements PayloadStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "payloads");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Override
  public PayloadStore payloads() {
    return fixture.backend().payloads();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

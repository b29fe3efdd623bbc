package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.DocumentStore;
import dev.docket.document.DocumentStoreContract;
import dev.docket.elastic.ElasticFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticDocumentStoreIT implements DocumentStoreContract {

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
  public DocumentStore store() {
    return fixture.backend().documents();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

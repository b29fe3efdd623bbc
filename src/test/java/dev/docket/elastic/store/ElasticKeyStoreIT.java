package dev.docket.elastic.store;

import dev.docket.auth.key.KeyStore;
import dev.docket.auth.key.KeyStoreContract;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticKeyStoreIT implements KeyStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "keys");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.KEYS);
  }

  @Override
  public KeyStore keys() {
    return fixture.backend().keys();
  }
}

package dev.docket.elastic.store;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.maintenance.LeaderStore;
import dev.docket.maintenance.LeaderStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticLeaderStoreIT implements LeaderStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "leader");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Override
  public LeaderStore store() {
    return fixture.backend().leader();
  }
}

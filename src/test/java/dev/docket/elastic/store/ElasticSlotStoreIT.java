package dev.docket.elastic.store;

import dev.docket.admission.SlotStore;
import dev.docket.admission.SlotStoreContract;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.record.RecordKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticSlotStoreIT implements SlotStoreContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "slots");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @AfterEach
  void empty() {
    fixture.empty(RecordKind.SLOTS);
  }

  @Override
  public SlotStore slots() {
    return fixture.backend().slots();
  }

  @Override
  public void refresh() {
    fixture.refresh();
  }
}

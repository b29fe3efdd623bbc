package dev.docket.worker;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddedBrokerWorkerIT extends BrokerWorkerContract {

  @RegisterExtension
  static final BackendsExtension BACKENDS = BackendsExtension.embedded().exclusive();

  @Override
  BackendsExtension backends() {
    return BACKENDS;
  }
}

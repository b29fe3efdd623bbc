package dev.docket.worker;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

class RabbitWorkerIT extends BrokerWorkerContract {

  @RegisterExtension
  static final BackendsExtension BACKENDS = BackendsExtension.rabbit().exclusive();

  @Override
  BackendsExtension backends() {
    return BACKENDS;
  }
}

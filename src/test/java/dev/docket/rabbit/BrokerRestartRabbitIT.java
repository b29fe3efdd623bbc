package dev.docket.rabbit;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BrokerRestartRabbitIT implements BrokerRestartContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.rabbit();

  @Override
  public BrokerUnderTest broker() {
    return new BrokerUnderTest(backends.broker(), backends.prefix());
  }
}

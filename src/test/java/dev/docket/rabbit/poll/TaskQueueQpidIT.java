package dev.docket.rabbit.poll;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.rabbit.BrokerFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TaskQueueQpidIT implements TaskQueueContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }
}

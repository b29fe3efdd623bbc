package dev.docket.rabbit.poll;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.rabbit.BrokerUnderTest;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TaskQueueQpidIT implements TaskQueueContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  @Override
  public BrokerUnderTest broker() {
    return new BrokerUnderTest(backends.broker(), backends.prefix());
  }
}

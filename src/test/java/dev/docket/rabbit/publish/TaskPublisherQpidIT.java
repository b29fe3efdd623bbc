package dev.docket.rabbit.publish;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.rabbit.BrokerFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TaskPublisherQpidIT implements TaskPublisherContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }
}

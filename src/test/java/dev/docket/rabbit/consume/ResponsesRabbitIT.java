package dev.docket.rabbit.consume;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.rabbit.BrokerUnderTest;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ResponsesRabbitIT implements ResponsesContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.rabbit();

  @Override
  public BrokerUnderTest broker() {
    return new BrokerUnderTest(backends.broker(), backends.prefix());
  }
}

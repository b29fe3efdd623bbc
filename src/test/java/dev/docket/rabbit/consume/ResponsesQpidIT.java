package dev.docket.rabbit.consume;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.rabbit.BrokerUnderTest;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ResponsesQpidIT implements ResponsesContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  @Override
  public BrokerUnderTest broker() {
    return new BrokerUnderTest(backends.broker(), backends.prefix());
  }
}

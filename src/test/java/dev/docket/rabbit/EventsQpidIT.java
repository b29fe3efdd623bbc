package dev.docket.rabbit;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

final class EventsQpidIT implements EventsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }
}

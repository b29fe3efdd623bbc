package dev.docket.rabbit;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

final class EventsRabbitIT implements EventsContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.rabbit();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }
}

package dev.docket.rabbit.consume;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.rabbit.BrokerFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RabbitRepliesRabbitIT implements RabbitRepliesContract {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.rabbit();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }
}

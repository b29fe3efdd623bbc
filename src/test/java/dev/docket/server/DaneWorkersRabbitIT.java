package dev.docket.server;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DaneWorkersRabbitIT extends DaneWorkersContract {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.rabbit();

  @Override
  BackendsExtension backends() {
    return BACKENDS;
  }
}

package dev.docket.server;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ServerWithWorkersQpidIT extends ServerWithWorkersContract {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @Override
  BackendsExtension backends() {
    return BACKENDS;
  }
}

package dev.docket.server;

import dev.docket.backends.junit.BackendsExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DaneWorkersQpidIT extends DaneWorkersContract {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @Override
  BackendsExtension backends() {
    return BACKENDS;
  }
}

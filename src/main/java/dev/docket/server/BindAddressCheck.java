package dev.docket.server;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import java.util.Set;

/** Rejects addresses other than loopback if callers need no API key. */
final class BindAddressCheck {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

  private BindAddressCheck() {}

  /**
   * Binds application connectors without a configured address to loopback. Called if no API keys
   * are configured.
   *
   * @throws IllegalArgumentException if an address other than loopback is configured
   */
  static void loopbackOnlyWithoutKeys(ServerFactory server, DaneConfig.Store store) {
    String storeHost = store.bindHost();
    if (store.enabled() && !storeHost.isEmpty() && !LOOPBACK.contains(storeHost)) {
      throw notLoopback("dane.store.bindHost", storeHost);
    }
    if (!(server instanceof DefaultServerFactory factory)) {
      throw new IllegalArgumentException("server.type must be default");
    }
    List<ConnectorFactory> connectors = factory.getApplicationConnectors();
    for (ConnectorFactory connector : connectors) {
      if (connector instanceof HttpConnectorFactory http) {
        String host = http.getBindHost();
        if (host == null || host.isEmpty()) {
          http.setBindHost("127.0.0.1");
        } else if (!LOOPBACK.contains(host)) {
          throw notLoopback("server.applicationConnectors.bindHost", host);
        }
      }
    }
  }

  private static IllegalArgumentException notLoopback(String setting, String host) {
    return new IllegalArgumentException(
        setting
            + " must be a loopback address because no apiKeys are configured (was "
            + host
            + "); create a key with the command new-key, or bind to 127.0.0.1");
  }
}

package dev.docket.server;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import java.util.Set;

/** From where the server can be reached: from elsewhere only when callers must have a key. */
final class BindAddressCheck {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

  private BindAddressCheck() {}

  /**
   * Binds the application to loopback where no address is configured.
   *
   * @throws IllegalArgumentException if another address is configured, and no key
   */
  static void loopbackOnlyWithoutKeys(ServerFactory server, DaneConfig.Store store) {
    String storeHost = store.bindHost();
    if (store.enabled() && !storeHost.isEmpty() && !LOOPBACK.contains(storeHost)) {
      throw open("dane.store.bindHost", storeHost);
    }
    if (!(server instanceof DefaultServerFactory factory)) {
      throw new IllegalArgumentException("server.type: must be default");
    }
    List<ConnectorFactory> connectors = factory.getApplicationConnectors();
    for (ConnectorFactory connector : connectors) {
      if (connector instanceof HttpConnectorFactory http) {
        String host = http.getBindHost();
        if (host == null || host.isEmpty()) {
          http.setBindHost("127.0.0.1");
        } else if (!LOOPBACK.contains(host)) {
          throw open("server.applicationConnectors.bindHost", host);
        }
      }
    }
  }

  private static IllegalArgumentException open(String setting, String host) {
    return new IllegalArgumentException(
        setting
            + ": is "
            + host
            + ", but no apiKeys are configured, so everyone could do everything;"
            + " make a key with the command new-key, or bind to 127.0.0.1");
  }
}

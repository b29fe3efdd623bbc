package dev.docket.server;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rejects addresses other than loopback if callers need no key. */
final class BindAddressCheck {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

  private static final String WITHOUT_CREDENTIALS =
      "requests need no credentials (neither apiKeys nor access.tokens are configured, and"
          + " access.required is not set)";
  private static final String WITHOUT_ADMIN_KEY = "adminPortKeySha256 is not configured";

  private BindAddressCheck() {}

  /**
   * Binds application connectors without a configured address to loopback. Called if requests need
   * no credentials.
   *
   * @param ports the ports of dialects, by the names of their settings
   * @throws IllegalArgumentException if an address other than loopback is configured
   */
  static void loopbackOnlyWithoutKeys(ServerFactory server, Map<String, PortConfig> ports) {
    ports.forEach(
        (setting, port) -> {
          String host = port.bindHost();
          if (port.enabled() && !host.isEmpty() && !LOOPBACK.contains(host)) {
            throw notLoopback(setting + ".bindHost", host, WITHOUT_CREDENTIALS);
          }
        });
    loopbackOnly(
        defaultFactory(server).getApplicationConnectors(),
        "server.applicationConnectors.bindHost",
        WITHOUT_CREDENTIALS);
  }

  /**
   * Binds admin connectors without a configured address to loopback. Called if the admin port needs
   * no key.
   *
   * @throws IllegalArgumentException if an address other than loopback is configured
   */
  static void loopbackOnlyWithoutAdminKey(ServerFactory server) {
    loopbackOnly(
        defaultFactory(server).getAdminConnectors(),
        "server.adminConnectors.bindHost",
        WITHOUT_ADMIN_KEY);
  }

  private static DefaultServerFactory defaultFactory(ServerFactory server) {
    if (server instanceof DefaultServerFactory factory) {
      return factory;
    }
    throw new IllegalArgumentException("server.type must be default");
  }

  private static void loopbackOnly(
      List<ConnectorFactory> connectors, String setting, String reason) {
    for (ConnectorFactory connector : connectors) {
      if (connector instanceof HttpConnectorFactory http) {
        String host = http.getBindHost();
        if (host == null || host.isEmpty()) {
          http.setBindHost("127.0.0.1");
        } else if (!LOOPBACK.contains(host)) {
          throw notLoopback(setting, host, reason);
        }
      }
    }
  }

  private static IllegalArgumentException notLoopback(String setting, String host, String reason) {
    return new IllegalArgumentException(
        setting
            + " must be a loopback address because "
            + reason
            + " (was "
            + host
            + "); create a key with the command new-key"
            + (reason.equals(WITHOUT_ADMIN_KEY) ? " --admin-port" : "")
            + ", or bind to 127.0.0.1");
  }
}

package dev.docket.server;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.UriCompliance;

/**
 * Allows percent-encoded slashes, percent signs and backslashes in paths, because DANE's paths
 * contain the archive's own ids. Jetty rejects them by default, because a servlet that decodes the
 * path cannot distinguish them from separators. Jersey splits the path before it decodes, so they
 * are safe here. Empty segments are allowed because a DANE client requests {@code
 * document//<id>/tasks}.
 */
final class EncodedPaths {

  static final UriCompliance ENCODED =
      UriCompliance.DEFAULT.with(
          "DOCKET",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
          UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
          UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS);

  private EncodedPaths() {}

  static void allow(ServerFactory server, Environment environment) {
    List<ConnectorFactory> connectors = new ArrayList<>();
    if (server instanceof DefaultServerFactory factory) {
      connectors.addAll(factory.getApplicationConnectors());
    } else if (server instanceof SimpleServerFactory simple) {
      connectors.add(simple.getConnector());
    }
    for (ConnectorFactory connector : connectors) {
      if (connector instanceof HttpConnectorFactory http) {
        http.setUriCompliance(ENCODED);
      }
    }
    environment.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(true);
  }
}

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
 * Lets ids into paths that have a slash, a percent sign or a backslash in them, percent-encoded:
 * DANE's paths carry the archive's own ids. Jetty refuses them by default because a servlet that
 * decodes the path cannot tell them from separators; here Jersey splits the path before it decodes.
 */
final class EncodedPaths {

  static final UriCompliance ENCODED =
      UriCompliance.DEFAULT.with(
          "DOCKET",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
          UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS);

  private EncodedPaths() {}

  static void allow(ServerFactory server, Environment environment) {
    List<ConnectorFactory> connectors = new ArrayList<>();
    if (server instanceof DefaultServerFactory usual) {
      connectors.addAll(usual.getApplicationConnectors());
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

package dev.docket.server;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.dialect.Dialect;
import dev.docket.http.BodyLimitFilter;
import dev.docket.http.ErrorsFeature;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.DropwizardResourceConfig;
import io.dropwizard.jersey.jackson.JacksonFeature;
import io.dropwizard.lifecycle.Managed;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port of a dialect's own, at {@code /} and below its base path, for clients that can be
 * configured with a host and a port but not with a path.
 */
final class DialectPort implements Managed {

  private static final Logger LOG = LoggerFactory.getLogger(DialectPort.class);

  private static final int MAX_THREADS = 128;
  private static final int MIN_THREADS = 4;

  /** As the application port has it in {@code config.yml}. */
  private static final int MAX_HEADER_BYTES = 128 * 1024;

  /** The time for current requests when the server stops. */
  private static final long STOP_MILLIS = 5_000;

  private final Dialect dialect;
  private final Server server;
  private final ServerConnector connector;

  DialectPort(
      Dialect dialect,
      PortConfig settings,
      DocketConfig config,
      BodyLimitFilter bodyLimit,
      ObjectMapper mapper) {
    this.dialect = dialect;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName(dialect.name());
    server = new Server(threads);
    server.setStopTimeout(STOP_MILLIS);
    boolean loopbackOnly = !config.requiresCredentials();
    connector =
        settings.inheritSocket()
            ? new InheritedConnector(server, loopbackOnly)
            : listening(settings, loopbackOnly);
    HttpConfiguration http =
        connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
    http.setUriCompliance(EncodedPaths.ENCODED);
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.addFilter(
        GracefulShutdown.DEFAULT_STATUS_503, "/*", EnumSet.of(DispatcherType.REQUEST));
    ServletHolder servlet = new ServletHolder(servlet(dialect, bodyLimit, mapper));
    context.addServlet(servlet, "/*");
    if (!dialect.basePath().isEmpty()) {
      context.addServlet(servlet, dialect.basePath() + "/*");
    }
    server.setHandler(new GracefulHandler(context));
    SingleSlashes.wrap(server, "");
    config.guard(dialect.authentication().authenticator(), mapper).protect(server);
  }

  private ServerConnector listening(PortConfig settings, boolean loopbackOnly) {
    ServerConnector listening = new ServerConnector(server);
    listening.setPort(settings.port());
    listening.setHost(host(settings, loopbackOnly));
    return listening;
  }

  private static @Nullable String host(PortConfig settings, boolean loopbackOnly) {
    if (!settings.bindHost().isEmpty()) {
      return settings.bindHost();
    }
    return loopbackOnly ? "127.0.0.1" : null;
  }

  /**
   * Mounts a dialect below its base path on the application port.
   *
   * @param bodyLimit the limit of all bodies of the server
   */
  static void mount(Dialect dialect, BodyLimitFilter bodyLimit, Environment environment) {
    environment
        .servlets()
        .addServlet(dialect.name(), servlet(dialect, bodyLimit, environment.getObjectMapper()))
        .addMapping(dialect.basePath() + "/*");
  }

  private static ServletContainer servlet(
      Dialect dialect, BodyLimitFilter bodyLimit, ObjectMapper mapper) {
    DropwizardResourceConfig resources = new DropwizardResourceConfig(new MetricRegistry());
    resources.setContextPath(dialect.basePath());
    resources.register(new ErrorsFeature());
    resources.register(dialect.authentication());
    resources.register(bodyLimit);
    resources.register(new JacksonFeature(mapper));
    if (dialect.publicAddress() != null) {
      resources.register(new PublicAddress(dialect.publicAddress()));
    }
    dialect.components().forEach(resources::register);
    return new ServletContainer(resources);
  }

  /** Logs requests to another server's log, whose life it does not share. */
  void useRequestLog(RequestLog log) {
    server.setRequestLog((request, response) -> log.log(request, response));
  }

  @Override
  public void start() throws Exception {
    server.start();
    LOG.info("Serving {} on port {}", dialect.name(), connector.getLocalPort());
  }

  @Override
  public void stop() throws Exception {
    if (connector instanceof InheritedConnector) {
      // New connections wait in the socket, which stays open, for the next process.
      connector.close();
    }
    GracefulShutdown.awaitRequests(server);
    server.stop();
  }
}

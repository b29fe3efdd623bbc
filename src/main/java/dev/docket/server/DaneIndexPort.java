package dev.docket.server;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.ApiKeys;
import dev.docket.auth.AuthFeature;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.TruncatingInterceptor;
import io.dropwizard.jersey.DropwizardResourceConfig;
import io.dropwizard.jersey.jackson.JacksonFeature;
import io.dropwizard.lifecycle.Managed;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A separate port for the Elasticsearch requests of DANE's worker library. That library can be
 * configured with a host and a port, but not with a path.
 */
final class DaneIndexPort implements Managed {

  private static final Logger LOG = LoggerFactory.getLogger(DaneIndexPort.class);

  /** Each worker sends one request at a time. */
  private static final int MAX_THREADS = 128;

  private static final int MIN_THREADS = 4;
  private static final long STOP_MILLIS = 5_000;

  private final Server server;
  private final ServerConnector connector;

  DaneIndexPort(DocketConfig config, List<Object> components, ObjectMapper mapper) {
    ResourceConfig resources = new DropwizardResourceConfig(new MetricRegistry());
    resources.register(new ErrorsFeature());
    resources.register(new AuthFeature(new ApiKeys(config.apiKeys())));
    resources.register(config.bodyLimit());
    resources.register(TruncatingInterceptor.class);
    resources.register(new JacksonFeature(mapper));
    components.forEach(resources::register);
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("dane-store");
    server = new Server(threads);
    server.setStopTimeout(STOP_MILLIS);
    DaneConfig.Store store = config.dane().store();
    boolean loopbackOnly = config.apiKeys().isEmpty();
    connector =
        store.inheritSocket()
            ? new InheritedConnector(server, loopbackOnly)
            : listening(store, loopbackOnly);
    HttpConfiguration http =
        connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
    http.setUriCompliance(EncodedPaths.ENCODED);
    http.setSendServerVersion(false);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.addServlet(new ServletHolder(new ServletContainer(resources)), "/*");
    // Completes the current requests when the server stops.
    server.setHandler(new GracefulHandler(context));
    config.guard(mapper).protect(server);
  }

  private ServerConnector listening(DaneConfig.Store store, boolean loopbackOnly) {
    ServerConnector listening = new ServerConnector(server);
    listening.setPort(store.port());
    listening.setHost(host(store, loopbackOnly));
    return listening;
  }

  private static @Nullable String host(DaneConfig.Store store, boolean withoutApiKeys) {
    if (!store.bindHost().isEmpty()) {
      return store.bindHost();
    }
    return withoutApiKeys ? "127.0.0.1" : null;
  }

  /** Logs requests to another server's log, whose life it does not share. */
  void useRequestLog(RequestLog log) {
    server.setRequestLog((request, response) -> log.log(request, response));
  }

  @Override
  public void start() throws Exception {
    server.start();
    LOG.info(
        "Serving the Elasticsearch requests of DANE workers on port {}", connector.getLocalPort());
  }

  @Override
  public void stop() throws Exception {
    server.stop();
  }

  /** The port after the start. */
  int port() {
    return connector.getLocalPort();
  }
}

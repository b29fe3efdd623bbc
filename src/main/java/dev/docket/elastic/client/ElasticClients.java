package dev.docket.elastic.client;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.TransportUtils;
import co.elastic.clients.transport.rest_client.RestClientOptions;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import dev.docket.elastic.record.RecordJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.HttpAsyncResponseConsumerFactory.HeapBufferedResponseConsumerFactory;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/** The connections to Elasticsearch: a byte client and a typed client. Opening does no I/O. */
public final class ElasticClients implements AutoCloseable {

  /** For reads and writes by id, which are sent in batches. */
  private static final int CONNECTIONS_PER_NODE = 32;

  /** Searches have their own connections, so that no write waits for a slow search. */
  private static final int SEARCHES_PER_NODE = 16;

  /** The timeout of {@link #LONG_TIMEOUT_OPTIONS}. */
  public static final Duration LONG_TIMEOUT = Duration.ofMinutes(10);

  private static final int LONG_CONNECT_TIMEOUT_MILLIS = 10_000;

  /** In bytes. The parsed records of a response need several times as much heap. */
  private static final int MAX_RESPONSE_BYTES = 16 << 20;

  /** For requests whose responses contain records. */
  public static final RequestOptions DEFAULT_OPTIONS =
      RequestOptions.DEFAULT.toBuilder()
          .setHttpAsyncResponseConsumerFactory(
              new HeapBufferedResponseConsumerFactory(MAX_RESPONSE_BYTES))
          .build();

  /** For requests whose cost grows with the number of all records. */
  public static final RestClientOptions LONG_TIMEOUT_OPTIONS =
      new RestClientOptions(
          DEFAULT_OPTIONS.toBuilder()
              .setRequestConfig(
                  RequestConfig.custom()
                      .setConnectTimeout(LONG_CONNECT_TIMEOUT_MILLIS)
                      .setSocketTimeout((int) LONG_TIMEOUT.toMillis())
                      .build())
              .build(),
          false);

  private final RestClient rest;
  private final RestClient searchRest;
  private final ElasticsearchClient typed;
  private final SilenceDetector silence;

  private ElasticClients(RestClient rest, RestClient searchRest, Duration requestTimeout) {
    this.silence = new SilenceDetector(requestTimeout, System::nanoTime);
    this.rest = rest;
    this.searchRest = searchRest;
    this.typed =
        new ElasticsearchClient(
            new RestClientTransport(
                searchRest,
                new JacksonJsonpMapper(RecordJson.mapper()),
                new RestClientOptions(DEFAULT_OPTIONS, false)));
  }

  /**
   * Creates clients for the nodes of the settings.
   *
   * @throws IllegalArgumentException if the CA certificate cannot be read
   */
  public static ElasticClients open(ElasticSettings settings) {
    return new ElasticClients(
        client(settings, CONNECTIONS_PER_NODE),
        client(settings, SEARCHES_PER_NODE),
        settings.requestTimeout());
  }

  private static RestClient client(ElasticSettings settings, int connectionsPerNode) {
    RestClientBuilder builder =
        RestClient.builder(
            settings.uris().stream().map(ElasticClients::host).toArray(HttpHost[]::new));
    String path = settings.uris().get(0).getPath();
    if (path != null && path.length() > 1) {
      builder.setPathPrefix(path);
    }
    if (settings.credentials() != null) {
      builder.setDefaultHeaders(
          new Header[] {new BasicHeader("Authorization", settings.credentials().header())});
    }
    builder.setRequestConfigCallback(
        request ->
            request
                .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .setConnectionRequestTimeout(Math.toIntExact(settings.requestTimeout().toMillis()))
                .setSocketTimeout(Math.toIntExact(settings.requestTimeout().toMillis())));
    builder.setHttpClientConfigCallback(http -> configured(http, settings, connectionsPerNode));
    return builder.build();
  }

  private static HttpHost host(URI uri) {
    int port = uri.getPort() >= 0 ? uri.getPort() : 9200;
    return new HttpHost(uri.getHost(), port, uri.getScheme());
  }

  private static HttpAsyncClientBuilder configured(
      HttpAsyncClientBuilder http, ElasticSettings settings, int connectionsPerNode) {
    http.setMaxConnPerRoute(connectionsPerNode)
        .setMaxConnTotal(connectionsPerNode * settings.uris().size())
        // Elasticsearch sets no cookies, and credentials are a default header: the client's checks
        // for both took 4 % of the server's CPU time.
        .disableCookieManagement()
        .disableAuthCaching()
        // Without keep-alive, a firewall that drops idle connections causes a timeout.
        .setDefaultIOReactorConfig(IOReactorConfig.custom().setSoKeepAlive(true).build());
    Path certificate = settings.caCertificate();
    if (certificate != null) {
      try {
        http.setSSLContext(TransportUtils.sslContextFromHttpCaCrt(certificate.toFile()));
      } catch (IOException | UncheckedIOException e) {
        throw new IllegalArgumentException("caCertificate: cannot be read: " + certificate, e);
      }
    }
    return http;
  }

  /** Returns the client for requests that are already serialized. */
  public RestClient rest() {
    return rest;
  }

  /** Returns a sender of requests that are already serialized. */
  public ElasticHttp http() {
    return new ElasticHttp(rest, silence);
  }

  /** Returns the detector that all requests over these connections share. */
  public SilenceDetector silence() {
    return silence;
  }

  /** Returns the typed client for searches. */
  public ElasticsearchClient typed() {
    return typed;
  }

  @Override
  public void close() {
    try {
      rest.close();
      searchRest.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the connections to Elasticsearch cannot be closed", e);
    }
  }
}

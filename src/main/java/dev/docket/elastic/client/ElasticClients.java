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

/** The connections to Elasticsearch, as both clients see them. Opening does no I/O on the net. */
public final class ElasticClients implements AutoCloseable {

  /** For reads and writes by id, of which many go together. */
  private static final int CONNECTIONS_PER_NODE = 32;

  /** Searches have their own connections: however long they take, no write waits for them. */
  private static final int SEARCHES_PER_NODE = 16;

  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(10);
  private static final int CONNECTING = 10_000;

  /** In bytes. What a page of records makes of the heap is several times as much. */
  private static final int MAX_RESPONSE_BYTES = 16 << 20;

  /** For requests whose answers are records. */
  public static final RequestOptions DEFAULT_OPTIONS =
      RequestOptions.DEFAULT.toBuilder()
          .setHttpAsyncResponseConsumerFactory(
              new HeapBufferedResponseConsumerFactory(MAX_RESPONSE_BYTES))
          .build();

  /** For requests that look at all there is. */
  public static final RestClientOptions LONG_TIMEOUT_OPTIONS =
      new RestClientOptions(
          DEFAULT_OPTIONS.toBuilder()
              .setRequestConfig(
                  RequestConfig.custom()
                      .setConnectTimeout(CONNECTING)
                      .setSocketTimeout((int) LONG_TIMEOUT.toMillis())
                      .build())
              .build(),
          false);

  private final RestClient rest;
  private final RestClient searching;
  private final ElasticsearchClient typed;

  private ElasticClients(RestClient rest, RestClient searching) {
    this.rest = rest;
    this.searching = searching;
    this.typed =
        new ElasticsearchClient(
            new RestClientTransport(
                searching,
                new JacksonJsonpMapper(RecordJson.mapper()),
                new RestClientOptions(DEFAULT_OPTIONS, false)));
  }

  /**
   * Clients for these nodes.
   *
   * @throws IllegalArgumentException if the CA certificate cannot be read
   */
  public static ElasticClients open(ElasticSettings settings) {
    return new ElasticClients(
        client(settings, CONNECTIONS_PER_NODE), client(settings, SEARCHES_PER_NODE));
  }

  private static RestClient client(ElasticSettings settings, int perNode) {
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
                .setSocketTimeout(Math.toIntExact(settings.requestTimeout().toMillis())));
    builder.setHttpClientConfigCallback(http -> configured(http, settings, perNode));
    return builder.build();
  }

  private static HttpHost host(URI uri) {
    int port = uri.getPort() >= 0 ? uri.getPort() : 9200;
    return new HttpHost(uri.getHost(), port, uri.getScheme());
  }

  private static HttpAsyncClientBuilder configured(
      HttpAsyncClientBuilder http, ElasticSettings settings, int perNode) {
    http.setMaxConnPerRoute(perNode)
        .setMaxConnTotal(perNode * settings.uris().size())
        // There are none, and who we are is a header: looking for both was 4 % of the server.
        .disableCookieManagement()
        .disableAuthCaching()
        // Else a firewall that forgets idle connections costs a time-out.
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

  /** For requests that are bytes already. */
  public RestClient rest() {
    return rest;
  }

  /** For searches. */
  public ElasticsearchClient typed() {
    return typed;
  }

  @Override
  public void close() {
    try {
      rest.close();
      searching.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the connections to Elasticsearch", e);
    }
  }
}

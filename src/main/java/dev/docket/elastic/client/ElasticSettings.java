package dev.docket.elastic.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Elasticsearch.
 *
 * @param uris its nodes, at least one; a path is put before every request's
 * @param credentials who we are; null: nobody asks
 * @param caCertificate who signed the nodes' certificates, PEM or DER; null: one that Java trusts
 * @param connectTimeout how long a connection may take
 * @param requestTimeout how long a node may be silent before a request is given up
 */
public record ElasticSettings(
    List<URI> uris,
    @Nullable Credentials credentials,
    @Nullable Path caCertificate,
    Duration connectTimeout,
    Duration requestTimeout) {

  public ElasticSettings {
    uris = List.copyOf(uris);
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("uris: at least one is needed");
    }
    for (URI uri : uris) {
      if (uri.getHost() == null || !("http".equals(uri.getScheme()) || isHttps(uri))) {
        throw new IllegalArgumentException("uris: must be http://host or https://host, was " + uri);
      }
    }
    if (caCertificate != null && uris.stream().noneMatch(ElasticSettings::isHttps)) {
      throw new IllegalArgumentException("caCertificate: no use without an https uri");
    }
  }

  /** A node without security: on this machine, for trying out and for tests. */
  public static ElasticSettings of(URI uri) {
    return new ElasticSettings(
        List.of(uri), null, null, Duration.ofSeconds(2), Duration.ofSeconds(30));
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  /** Who we are. Does not print its secret. */
  public sealed interface Credentials {
    /** The value of the {@code Authorization} header. */
    String header();
  }

  /** A user. */
  public record User(String name, String password) implements Credentials {
    @Override
    public String header() {
      byte[] both = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
      return "User[" + name + ", [REDACTED]]";
    }
  }

  /** An API key, in the encoded form in which Elasticsearch hands it out. */
  public record ApiKey(String encoded) implements Credentials {
    @Override
    public String header() {
      return "ApiKey " + encoded;
    }

    @Override
    public String toString() {
      return "ApiKey[[REDACTED]]";
    }
  }
}

package dev.docket.elastic.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection settings for Elasticsearch.
 *
 * @param uris the addresses of its nodes, at least one; a path becomes the prefix of every
 *     request's path
 * @param credentials the credentials of this server; null without authentication
 * @param caCertificate the certificate, PEM or DER, of the authority that signed the nodes'
 *     certificates; null for Java's default trust store
 * @param connectTimeout the timeout for connecting to a node
 * @param requestTimeout the longest silence of a node before a request fails
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
      throw new IllegalArgumentException("uris: must have at least one entry");
    }
    for (URI uri : uris) {
      if (uri.getHost() == null || !("http".equals(uri.getScheme()) || isHttps(uri))) {
        throw new IllegalArgumentException(
            "uris: must be http://host or https://host (was " + uri + ")");
      }
    }
    if (caCertificate != null && uris.stream().noneMatch(ElasticSettings::isHttps)) {
      throw new IllegalArgumentException("caCertificate: requires an https uri");
    }
  }

  /** Settings for a single node without security, for development and tests. */
  public static ElasticSettings of(URI uri) {
    return new ElasticSettings(
        List.of(uri), null, null, Duration.ofSeconds(2), Duration.ofSeconds(30));
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  /** Credentials of this server. {@code toString} omits the secret. */
  public sealed interface Credentials {
    /** Returns the value of the {@code Authorization} header. */
    String header();
  }

  /** A user name with a password. */
  public record User(String name, String password) implements Credentials {
    @Override
    public String header() {
      byte[] userInfo = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(userInfo);
    }

    @Override
    public String toString() {
      return "User[" + name + ", [REDACTED]]";
    }
  }

  /** An API key, in the encoded form that Elasticsearch returns on creation. */
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

package dev.docket.dialect.dane.importing;

import dev.docket.dialect.dane.DaneParameters;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a DANE index.
 *
 * @param base the address of Elasticsearch, without user and password and without a trailing slash
 * @param authorization the value of the header {@code Authorization}; null without authentication
 */
public record DaneConnection(String base, String index, @Nullable String authorization) {

  private static final Pattern INDEX = Pattern.compile("[a-z0-9][a-z0-9_.+-]{0,254}");

  /**
   * Reads the address.
   *
   * @param from {@code http://[user:password@]host[:port][/path]}, or the same with https
   * @throws IllegalArgumentException if the address or the name is malformed; the message says what
   *     is allowed
   */
  public static DaneConnection of(String from, String index) {
    if (!INDEX.matcher(index).matches()) {
      throw new IllegalArgumentException(
          "the index must be one name of a-z 0-9 _ . + - (was " + index + ")");
    }
    URI uri = parse(from);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    String user = uri.getUserInfo();
    return new DaneConnection(
        uri.getScheme() + "://" + uri.getHost() + port + path,
        index,
        user == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
  }

  /** The messages do not quote the address, because it may contain a password. */
  private static URI parse(String from) {
    return DaneParameters.parsed(from, URI::create)
        .filter(uri -> "http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        .filter(uri -> uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the address must have the form http://user:password@host:9200, with escapes"
                        + " such as %40 in the password"));
  }

  @Override
  public String toString() {
    return base + "/" + index;
  }
}

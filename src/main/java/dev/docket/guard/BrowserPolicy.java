package dev.docket.guard;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests of browsers are rejected, so that a page of another site cannot act on
 * Docket. A browser sends credentials and reaches loopback addresses for each page that it shows;
 * it says in headers which page that is (Fetch Metadata, RFC 6454). Other clients send none of
 * these headers. Pure.
 *
 * @param keysRequired whether callers need an API key
 * @param hosts host names by which the server can be reached without keys, apart from loopback
 *     names, in lower case and without port
 * @param origins origins of other sites whose pages may send requests, such as {@code
 *     https://tools.example}, in lower case
 */
record BrowserPolicy(boolean keysRequired, Set<String> hosts, Set<String> origins) {

  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private static final String FORM = "application/x-www-form-urlencoded";

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  BrowserPolicy {
    hosts = hosts.stream().map(BrowserPolicy::lower).collect(Collectors.toUnmodifiableSet());
    origins = origins.stream().map(BrowserPolicy::lower).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What the headers of a request say about its source.
   *
   * @param host the {@code Host} with its port, if any
   * @param origin the {@code Origin}
   * @param site the {@code Sec-Fetch-Site}
   * @param contentType the {@code Content-Type}
   */
  record Source(
      @Nullable String host,
      @Nullable String origin,
      @Nullable String site,
      @Nullable String contentType) {}

  /** The reason to reject the request; empty if it is accepted. */
  Optional<String> rejection(String method, Source source) {
    return hostRejection(source.host)
        .or(() -> originRejection(method, source))
        .or(() -> READS.contains(method) ? Optional.empty() : writeRejection(source));
  }

  /** Without keys, a page could reach the server under a name of its own (DNS rebinding). */
  private Optional<String> hostRejection(@Nullable String host) {
    if (keysRequired || host == null || isOwnName(host)) {
      return Optional.empty();
    }
    return Optional.of(
        "the Host "
            + host
            + " is not allowed without apiKeys; allowed are loopback names, and the names in"
            + " browsers.hosts of the configuration");
  }

  private boolean isOwnName(String authority) {
    String name = lower(authority).replaceFirst(":\\d*$", "");
    return LOOPBACK.matcher(name).matches() || hosts.contains(name);
  }

  private Optional<String> originRejection(String method, Source source) {
    boolean harmless = keysRequired && READS.contains(method);
    if (source.origin == null || harmless || isTrusted(source.origin, source.host)) {
      return Optional.empty();
    }
    return Optional.of(
        "pages of the Origin "
            + source.origin
            + " may not send this request; allowed are this server's own pages, and the origins in"
            + " browsers.origins of the configuration");
  }

  private boolean isTrusted(String origin, @Nullable String host) {
    return isSameOrigin(origin, host)
        || origins.contains(lower(origin))
        || (!keysRequired && authority(origin).map(this::isOwnName).orElse(false));
  }

  private Optional<String> writeRejection(Source source) {
    boolean sameOrigin =
        source.site == null
            ? source.origin == null || isSameOrigin(source.origin, source.host)
            : source.site.equals("same-origin");
    if (sameOrigin) {
      return Optional.empty();
    }
    boolean listed = source.origin != null && origins.contains(lower(source.origin));
    if ("cross-site".equals(source.site) && !listed) {
      return Optional.of(
          "pages of other sites may not change anything (the browser sent Sec-Fetch-Site:"
              + " cross-site)");
    }
    return isUnchecked(source.contentType)
        ? Optional.of(
            "a page of another origin must send a Content-Type such as application/json, not that"
                + " of a form or text/plain")
        : Optional.empty();
  }

  /**
   * Whether a page of another site can send this content type without asking the server before:
   * forms, text, or none.
   */
  private static boolean isUnchecked(@Nullable String contentType) {
    String type = contentType == null ? "" : lower(contentType);
    return !type.startsWith("application/") || type.startsWith(FORM);
  }

  /** Compares without the scheme, because a proxy can end TLS. */
  private static boolean isSameOrigin(String origin, @Nullable String host) {
    return host != null
        && authority(origin).map(own -> own.equals(withoutDefaultPort(host, origin))).orElse(false);
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(new URI(origin).getRawAuthority())
          .map(authority -> withoutDefaultPort(authority, origin));
    } catch (URISyntaxException invalid) {
      return Optional.empty();
    }
  }

  private static String withoutDefaultPort(String authority, String origin) {
    String port = lower(origin).startsWith("https:") ? ":443" : ":80";
    String name = lower(authority);
    return name.endsWith(port) ? name.substring(0, name.length() - port.length()) : name;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}

package dev.docket.server;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Opens pages and submits their forms as a browser does, with cookies, redirects and hidden fields.
 */
final class Browser {

  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");
  private static final int MAX_REDIRECTS = 5;

  private final TestServer server;
  private final String key;
  private final Map<String, String> cookies = new LinkedHashMap<>();

  /**
   * A browser without cookies.
   *
   * @param key the API key that the person logs in with; null for none
   */
  Browser(TestServer server, String key) {
    this.server = server;
    this.key = key;
  }

  /** A page that a browser shows. */
  record Page(URI address, int status, String body, String policy, String referrers) {

    /** The address that the form or button of an action sends to. */
    URI action(String name) {
      Matcher action = Pattern.compile("(?:form)?action=\"([^\"]*/" + name + ")\"").matcher(body);
      return address.resolve(
          action.find() ? action.group(1) : address.getPath().replaceFirst(".*/", "") + "/" + name);
    }

    private Map<String, String> hidden() {
      return HIDDEN
          .matcher(body)
          .results()
          .collect(
              Collectors.toMap(
                  (MatchResult field) -> field.group(1), field -> field.group(2), (a, b) -> a));
    }
  }

  Page open(String path) {
    return follow(server.uri().resolve(path), 0);
  }

  /** Fills in a form of a page and submits it by the button of an action. */
  Page submit(Page page, String action, Map<String, String> fields) {
    String origin = server.uri().toString();
    return submit(page, action, fields, Map.of("Origin", origin, "Sec-Fetch-Site", "same-origin"));
  }

  Page submit(Page page, String action, Map<String, String> fields, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(page.hidden());
    all.putAll(fields);
    String body =
        all.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    URI address = page.action(action);
    HttpRequest.Builder request =
        request(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return page(address, server.send(request), 0);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Page follow(URI address, int redirects) {
    return page(address, server.send(request(address).GET()), redirects);
  }

  private Page page(URI address, TestServer.Response response, int redirects) {
    response.raw().headers().allValues("Set-Cookie").stream()
        .map(cookie -> cookie.split(";", 2)[0].split("=", 2))
        .forEach(cookie -> cookies.put(cookie[0], cookie[1]));
    if (response.status() == 303 && redirects < MAX_REDIRECTS) {
      String location = response.raw().headers().firstValue("Location").orElseThrow();
      if (URI.create(location).isAbsolute()) {
        throw new AssertionError("behind a proxy, this address may be wrong: " + location);
      }
      return follow(address.resolve(location), redirects + 1);
    }
    return new Page(
        address,
        response.status(),
        response.raw().body(),
        response.raw().headers().firstValue("Content-Security-Policy").orElse(""),
        response.raw().headers().firstValue("Referrer-Policy").orElse(""));
  }

  private HttpRequest.Builder request(URI address) {
    HttpRequest.Builder request =
        server
            .request(
                address.getRawPath()
                    + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery()))
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    if (key != null) {
      byte[] credentials = ("anyone:" + key).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    return request;
  }
}

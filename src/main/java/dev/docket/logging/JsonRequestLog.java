package dev.docket.logging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.docket.http.RequestAttributes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line of JSON for each request, with escaped, truncated and redacted texts. Successful
 * probes have no line. Of the rejected requests of a caller, at most {@value
 * RejectionLimit#MAX_LINES} in a second have one. Thread-safe.
 */
final class JsonRequestLog extends AbstractLifeCycle implements RequestLog {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> PROBES = Set.of("/health", "/ready");
  private static final int OK = 200;
  private static final int FIRST_ERROR = 400;
  private static final String UNKNOWN_CALLER = "(no key)";

  /** Names of query parameters whose values are secrets. */
  private static final Pattern SECRET =
      Pattern.compile(
          ".*(token|secret|password|passwd|credential|signature|authorization|api.?key).*");

  private final Consumer<String> lines;
  private final Runnable onStop;
  private final LogText text;
  private final RejectionLimit limit;
  private final Clock clock;

  /**
   * Creates the log.
   *
   * @param lines writes a line; must not block
   * @param onStop called when the server stops
   */
  JsonRequestLog(
      Consumer<String> lines, Runnable onStop, LogText text, RejectionLimit limit, Clock clock) {
    this.lines = lines;
    this.onStop = onStop;
    this.text = text;
    this.limit = limit;
    this.clock = clock;
  }

  @Override
  public void log(Request request, Response response) {
    int status = response.getStatus();
    String path = request.getHttpURI().getPath();
    if (status == OK && path != null && PROBES.contains(path)) {
      return;
    }
    String caller = attribute(request, RequestAttributes.CALLER);
    caller = caller == null ? UNKNOWN_CALLER : caller;
    int suppressed = status < FIRST_ERROR ? 0 : limit.count(caller);
    if (suppressed != RejectionLimit.SUPPRESSED) {
      lines.accept(line(request, status, path, caller, suppressed));
    }
  }

  private String line(
      Request request, int status, @Nullable String path, String caller, int suppressed) {
    StringWriter line = new StringWriter(512);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
      write(json, "request", attribute(request, RequestAttributes.ID));
      write(json, "method", request.getMethod());
      write(json, "path", path);
      write(json, "query", withoutSecrets(request.getHttpURI().getQuery()));
      json.writeNumberField("status", status);
      json.writeNumberField(
          "duration_ms", (System.nanoTime() - request.getBeginNanoTime()) / 1_000_000);
      write(json, "principal", caller);
      write(json, "remote", Request.getRemoteAddr(request));
      write(json, "user_agent", request.getHeaders().get(HttpHeader.USER_AGENT));
      write(json, "error", attribute(request, RequestAttributes.PROBLEM));
      if (suppressed > 0) {
        json.writeNumberField("suppressed", suppressed);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private void write(JsonGenerator json, String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, text.sanitize(value, LogText.MAX_VALUE));
    }
  }

  private static @Nullable String attribute(Request request, String name) {
    return request.getAttribute(name) instanceof String value ? value : null;
  }

  private static @Nullable String withoutSecrets(@Nullable String query) {
    if (query == null || query.indexOf('=') < 0) {
      return query;
    }
    return Arrays.stream(query.split("&", -1))
        .map(JsonRequestLog::withoutSecret)
        .collect(Collectors.joining("&"));
  }

  private static String withoutSecret(String parameter) {
    int end = parameter.indexOf('=');
    String name = end < 0 ? "" : parameter.substring(0, end).toLowerCase(Locale.ROOT);
    // An escape could hide the name.
    return SECRET.matcher(name).matches() || name.indexOf('%') >= 0
        ? parameter.substring(0, end + 1) + "[REDACTED]"
        : parameter;
  }

  @Override
  protected void doStop() {
    onStop.run();
  }
}

package dev.docket.fuzz;

import dev.docket.fuzz.RequestDraft.Field;
import java.util.List;
import java.util.Random;

/** Changes, adds or removes a header. */
final class HeaderMutations {

  private static final List<String> NAMES =
      List.of(
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Unmodified-Since",
          "If-Range",
          "Range",
          "Accept",
          "Accept-Charset",
          "Accept-Encoding",
          "Accept-Language",
          "Content-Type",
          "Content-Language",
          "Content-Encoding",
          "Content-Length",
          "Transfer-Encoding",
          "TE",
          "Trailer",
          "Expect",
          "Connection",
          "Upgrade",
          "Host",
          "Origin",
          "Referer",
          "Cookie",
          "Authorization",
          "Date",
          "Forwarded",
          "X-Forwarded-For",
          "X-HTTP-Method-Override",
          "Idempotency-Key",
          "Last-Event-ID",
          "Docket-Attempt",
          "Docket-Run",
          "Docket-Claim",
          "Upload-Offset",
          "X-Odd");

  private static final List<String> VALUES =
      List.of(
          "",
          "a",
          "*",
          "\"a\"",
          "\"a",
          "W/\"a\"",
          "\"a\", \"b\",",
          ",,,",
          ";",
          ";;=;",
          "/",
          "*/*",
          "*/*;q=a",
          "text/html;q=5",
          "application/json;charset=x",
          "application/json;charset=utf-16",
          "application/json; charset=utf-8",
          "application/x-ndjson",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "text/event-stream",
          "text/plain",
          "bytes=0-1",
          "bytes=a",
          "gzip",
          "gzip;q=0, identity;q=0",
          "br",
          "chunked, chunked",
          "identity",
          "100-continue",
          "close",
          "h2c",
          "en;q=x",
          "-1",
          "0",
          "1",
          "99999999999999999999",
          "a=b; $c",
          "Basic ###",
          "Basic YTpi",
          "Bearer x",
          "Mon, 30 Nov 2026 00:00:00 GMT",
          "x:1:2",
          "[::1",
          "http://evil.example",
          "null",
          "DELETE");

  private HeaderMutations() {}

  static String change(RequestDraft draft, Random random) {
    if (!draft.headers.isEmpty() && random.nextInt(5) == 0) {
      Field removed = draft.headers.remove(random.nextInt(draft.headers.size()));
      return "without " + removed.name();
    }
    if (random.nextInt(60) == 0) {
      draft.version = random.nextBoolean() ? "HTTP/1.0" : "HTTP/9.9";
      return draft.version;
    }
    String name = NAMES.get(random.nextInt(NAMES.size()));
    String value =
        random.nextInt(5) == 0
            ? OddValues.header(OddValues.shortText(random))
            : VALUES.get(random.nextInt(VALUES.size()));
    if (random.nextInt(3) > 0) {
      draft.headers.removeIf(header -> header.name().equalsIgnoreCase(name));
    }
    draft.headers.add(new Field(name, value));
    return "header " + name;
  }
}

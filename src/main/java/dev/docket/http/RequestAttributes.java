package dev.docket.http;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of what the server notes about a request, for its log and for error responses. */
public final class RequestAttributes {

  /** Header of requests and responses with the id of the request. */
  public static final String ID_HEADER = "X-Request-Id";

  /** Attribute with the id of the request, a text. */
  public static final String ID = "dev.docket.request.id";

  /** Attribute with the name of the caller, a text. Never contains a key. */
  public static final String CALLER = "dev.docket.request.caller";

  /** Attribute with the address of the client, a text. */
  public static final String ADDRESS = "dev.docket.request.address";

  /** Attribute with the detail of the problem that the response reports, a text. */
  public static final String PROBLEM = "dev.docket.request.problem";

  private static final Pattern ID_PATTERN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestAttributes() {}

  /** Returns the id that a client sent, if it is short and harmless; else a new one. */
  public static String idOr(@Nullable String sent) {
    return sent != null && ID_PATTERN.matcher(sent).matches() ? sent : newId();
  }

  /** Returns a new id. */
  public static String newId() {
    return UUID.randomUUID().toString();
  }
}

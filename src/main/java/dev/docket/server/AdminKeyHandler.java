package dev.docket.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.auth.ApiKey;
import dev.docket.http.ProblemBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Requires the key of the admin port for every request to it: as a bearer token, or as the password
 * of basic authentication with any user name. Stands before all servlets, so that it also covers
 * paths that do not exist. Thread-safe.
 */
final class AdminKeyHandler extends Handler.Wrapper {

  private static final String CHALLENGE = "Bearer realm=\"docket-admin\"";

  private final byte[] sha256;
  private final byte[] unauthorized;

  /** A handler that requires the key with this SHA-256, in hex. */
  AdminKeyHandler(String sha256) {
    this.sha256 = ascii(sha256);
    try {
      this.unauthorized =
          HttpJson.mapper()
              .writeValueAsBytes(
                  ProblemBody.unauthorized(
                      "the key of the admin port is required: send Authorization: Bearer <key>, or"
                          + " the key as the password of any user"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem cannot be written as JSON", e);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String key = key(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    if (key != null && MessageDigest.isEqual(ascii(ApiKey.hash(key)), sha256)) {
      return super.handle(request, response, callback);
    }
    response.setStatus(HttpStatus.UNAUTHORIZED_401);
    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, CHALLENGE);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemBody.MEDIA_TYPE);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(unauthorized), callback);
    return true;
  }

  private static @Nullable String key(@Nullable String authorization) {
    if (authorization == null) {
      return null;
    }
    int space = authorization.indexOf(' ');
    String credentials = authorization.substring(space + 1).strip();
    return switch (authorization.substring(0, Math.max(space, 0)).toLowerCase(Locale.ROOT)) {
      case "bearer" -> credentials;
      case "basic" -> password(credentials);
      default -> null;
    };
  }

  private static @Nullable String password(String credentials) {
    try {
      String user = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = user.indexOf(':');
      return colon < 0 ? null : user.substring(colon + 1);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

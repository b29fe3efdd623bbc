package dev.docket.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.http.Authenticator;
import dev.docket.auth.http.CredentialForm;
import dev.docket.auth.key.ApiKey;
import dev.docket.auth.key.ConfiguredKeys;
import dev.docket.http.RequestAttributes;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Requires the key of the admin port for every request to it, in the same headers as an API key.
 * Stands before all servlets, so that it also covers paths that do not exist.
 */
public final class AdminKeyCheck extends Handler.Wrapper {

  private static final String CHALLENGE = "Bearer realm=\"docket-admin\"";

  private static final String NAME = "admin-port";

  private final Authenticator authenticator;
  private final ProblemErrors errors;

  /**
   * Creates the check.
   *
   * @param sha256 SHA-256 of the key, in hex
   * @param mapper writes problem documents
   */
  public AdminKeyCheck(String sha256, ObjectMapper mapper) {
    List<ApiKey> key = List.of(new ApiKey(NAME, sha256, Set.of()));
    this.authenticator =
        new Authenticator(
            true,
            Set.of(CredentialForm.BEARER, CredentialForm.BASIC),
            List.of(new ConfiguredKeys(key, new AccessRules(Map.of()), Clock.systemUTC())));
    this.errors = new ProblemErrors(mapper);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (authenticator.authenticate(request.getHeaders().get(HttpHeader.AUTHORIZATION))
        instanceof Authentication.Accepted) {
      request.setAttribute(RequestAttributes.CALLER, NAME);
      return super.handle(request, response, callback);
    }
    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, CHALLENGE);
    errors.write(
        request,
        response,
        callback,
        HttpStatus.UNAUTHORIZED_401,
        "the key of the admin port is required: send Authorization: Bearer <key>, or the key as the"
            + " password of any user");
    return true;
  }
}

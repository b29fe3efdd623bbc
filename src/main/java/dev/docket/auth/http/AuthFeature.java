package dev.docket.auth.http;

import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.auth.RejectedCredentials;
import dev.docket.auth.RejectionListener;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.Problem;
import dev.docket.http.RequestAttributes;
import dev.docket.http.RequestOrigin;
import io.dropwizard.auth.AuthValueFactoryProvider;
import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates requests; see {@link Authenticator}. If requests need no credentials, all are
 * accepted with all roles. The server then listens on loopback addresses only.
 *
 * <p>Rejects credentials in the URL: logs, proxies and browser histories record URLs.
 */
public final class AuthFeature implements Feature {

  private static final String CHALLENGE = "Bearer realm=\"docket\"";

  /** The query parameter of RFC 6750, section 2.3. */
  private static final String URL_KEY = "access_token";

  /** How long a request waits, with its thread, until the keys of an issuer are there. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private final Authenticator authenticator;
  private final RejectionListener rejections;

  /**
   * Creates the feature.
   *
   * @param rejections is told of each request that is answered with 401
   */
  public AuthFeature(Authenticator authenticator, RejectionListener rejections) {
    this.authenticator = authenticator;
    this.rejections = rejections;
  }

  /** Finds the callers of requests. */
  public Authenticator authenticator() {
    return authenticator;
  }

  @Override
  public boolean configure(FeatureContext context) {
    context.register(new ProtectedRoutes(new CredentialFilter(authenticator, rejections)));
    context.register(RolesAllowedDynamicFeature.class);
    context.register(new AuthValueFactoryProvider.Binder<>(Caller.class));
    return true;
  }

  /** Requires credentials on all routes, except on {@link PermitAll} methods. */
  private record ProtectedRoutes(CredentialFilter filter) implements DynamicFeature {
    @Override
    public void configure(ResourceInfo route, FeatureContext context) {
      if (!route.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
        context.register(filter);
      }
    }
  }

  @Priority(Priorities.AUTHENTICATION)
  private record CredentialFilter(Authenticator authenticator, RejectionListener rejections)
      implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      @Nullable String authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
      if (authenticator.isRequired()
          && request.getUriInfo().getQueryParameters().containsKey(URL_KEY)) {
        reject(request, "url", "key in the URL");
        throw unauthorized(
            "API keys are not accepted in the URL, because logs and proxies record it (remove the"
                + " parameter "
                + URL_KEY
                + "): send Authorization: Bearer <key>",
            authorization != null);
      }
      Authentication outcome = awaited(authenticator.authenticate(authorization));
      if (outcome instanceof Authentication.Rejected rejected) {
        reject(
            request,
            kind(authorization),
            authorization == null ? "no credentials" : rejected.reason());
        throw unauthorized(rejected.reason(), authorization != null);
      }
      if (!(outcome instanceof Authentication.Accepted accepted)) {
        throw new Problem(
            Problem.Kind.UNAVAILABLE,
            outcome instanceof Authentication.Unavailable unavailable
                ? unavailable.reason()
                : "the server is fetching the keys of the token's issuer; try again");
      }
      // The request log otherwise names only callers that were known without waiting.
      request.setProperty(RequestAttributes.CALLER, accepted.caller().name());
      request.setProperty(
          CredentialCheck.PROPERTY,
          new LaterCheck(authenticator, authorization, accepted.caller().name()));
      request.setSecurityContext(new CallerContext(accepted.caller(), authenticator.isRequired()));
    }

    private void reject(ContainerRequestContext request, String kind, String reason) {
      rejections.onRejected(new RejectedCredentials(RequestOrigin.of(request), kind, reason));
    }

    private static String kind(@Nullable String authorization) {
      if (authorization == null) {
        return "none";
      }
      String scheme = authorization.split(" ", 2)[0].toLowerCase(Locale.ROOT);
      return scheme.equals("bearer") || scheme.equals("basic") ? scheme : "other";
    }

    private static Authentication awaited(Authentication outcome) {
      if (!(outcome instanceof Authentication.Pending pending)) {
        return outcome;
      }
      try {
        return pending
            .outcome()
            .toCompletableFuture()
            .get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        return outcome;
      } catch (ExecutionException e) {
        throw new IllegalStateException("the outcome never fails", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return outcome;
      }
    }

    private static NotAuthorizedException unauthorized(String detail, boolean sentCredentials) {
      String challenge =
          sentCredentials
              ? CHALLENGE
                  + ", error=\"invalid_token\", error_description=\"%s\"".formatted(quoted(detail))
              : CHALLENGE;
      Response problem = ErrorsFeature.response(new NotAuthorizedException(detail, challenge));
      return new NotAuthorizedException(
          Response.fromResponse(problem).header(HttpHeaders.WWW_AUTHENTICATE, challenge).build());
    }

    /** The characters that RFC 6750 allows in an error description. */
    private static String quoted(String text) {
      return text.replaceAll("[^\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]", "'");
    }
  }

  /** Asks the authenticator again. */
  private record LaterCheck(
      Authenticator authenticator, @Nullable String authorization, String caller)
      implements CredentialCheck {
    @Override
    public boolean isStillAccepted() {
      Authentication outcome = authenticator.authenticate(authorization);
      return outcome instanceof Authentication.Accepted accepted
          ? accepted.caller().name().equals(caller)
          : !(outcome instanceof Authentication.Rejected);
    }

    /** Omits the credentials. */
    @Override
    public String toString() {
      return "LaterCheck[" + caller + "]";
    }
  }

  private record CallerContext(Caller caller, boolean authenticated) implements SecurityContext {
    @Override
    public Caller getUserPrincipal() {
      return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
      return caller.roles().contains(role);
    }

    @Override
    public boolean isSecure() {
      return false;
    }

    @Override
    public String getAuthenticationScheme() {
      return authenticated ? "key" : "none";
    }
  }
}

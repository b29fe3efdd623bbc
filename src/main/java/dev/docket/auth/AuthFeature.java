package dev.docket.auth;

import dev.docket.http.ErrorsFeature;
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
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;

/**
 * Authenticates requests by API key; see {@link ApiKeys}. If no keys are configured, all requests
 * are accepted with all roles. The server then listens on loopback addresses only.
 *
 * <p>Rejects keys in the URL: logs, proxies and browser histories record URLs.
 */
public final class AuthFeature implements Feature {

  private static final String CHALLENGE = "Bearer realm=\"docket\"";

  /** The query parameter of RFC 6750, section 2.3. */
  private static final String URL_KEY = "access_token";

  private final ApiKeys keys;

  public AuthFeature(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public boolean configure(FeatureContext context) {
    context.register(new ProtectedRoutes(new KeyFilter(keys)));
    context.register(new DeletionLog());
    context.register(RolesAllowedDynamicFeature.class);
    context.register(new AuthValueFactoryProvider.Binder<>(Caller.class));
    return true;
  }

  /** Requires a key on all routes, except on {@link PermitAll} methods. */
  private record ProtectedRoutes(KeyFilter filter) implements DynamicFeature {
    @Override
    public void configure(ResourceInfo route, FeatureContext context) {
      if (!route.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
        context.register(filter);
      }
    }
  }

  @Priority(Priorities.AUTHENTICATION)
  private record KeyFilter(ApiKeys keys) implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      if (keys.areRequired() && request.getUriInfo().getQueryParameters().containsKey(URL_KEY)) {
        throw unauthorized(
            "API keys are not accepted in the URL, because logs and proxies record it (remove the"
                + " parameter "
                + URL_KEY
                + "): send Authorization: Bearer <key>");
      }
      Caller caller =
          keys.caller(request.getHeaderString(HttpHeaders.AUTHORIZATION))
              .orElseThrow(
                  () ->
                      unauthorized(
                          "an API key is required: send Authorization: Bearer <key>, or the key as"
                              + " the password of any user"));
      request.setSecurityContext(new CallerContext(caller, keys.areRequired()));
    }

    private static NotAuthorizedException unauthorized(String detail) {
      Response problem = ErrorsFeature.response(new NotAuthorizedException(detail, CHALLENGE));
      return new NotAuthorizedException(
          Response.fromResponse(problem).header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE).build());
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

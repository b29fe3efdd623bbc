package dev.docket.auth;

import dev.docket.http.ErrorsFeature;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.auth.Authenticator;
import io.dropwizard.auth.UnauthorizedHandler;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.auth.basic.BasicCredentials;
import io.dropwizard.auth.chained.ChainedAuthFilter;
import io.dropwizard.auth.oauth.OAuthCredentialAuthFilter;
import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.glassfish.jersey.server.filter.RolesAllowedDynamicFeature;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates requests by API key: a bearer token, or the password of basic authentication with
 * any user name, for clients that support nothing else. If no keys are configured, all requests are
 * accepted with all roles. The server then listens on loopback addresses only.
 */
public final class AuthFeature implements Feature {

  private final List<ApiKey> keys;

  public AuthFeature(List<ApiKey> keys) {
    this.keys = List.copyOf(keys);
  }

  @Override
  public boolean configure(FeatureContext context) {
    AuthFilter<?, Caller> filter =
        keys.isEmpty() ? new AnonymousFilter() : new BearerOrBasicFilter(bearer(), basic());
    context.register(new RoleFilterFeature(filter));
    context.register(RolesAllowedDynamicFeature.class);
    context.register(new AuthValueFactoryProvider.Binder<>(Caller.class));
    return true;
  }

  private Authenticator<String, Caller> authenticator() {
    Map<String, Caller> callers =
        keys.stream()
            .collect(Collectors.toMap(ApiKey::sha256, key -> new Caller(key.name(), key.roles())));
    // The time of the lookup can reveal at most a prefix of a hash, and a caller cannot choose the
    // hash of a key.
    return key -> Optional.ofNullable(callers.get(ApiKey.hash(key)));
  }

  private static boolean hasRole(
      Caller caller, String role, @Nullable ContainerRequestContext request) {
    return caller.roles().contains(role);
  }

  private AuthFilter<String, Caller> bearer() {
    return new OAuthCredentialAuthFilter.Builder<Caller>()
        .setAuthenticator(authenticator())
        .setAuthorizer(AuthFeature::hasRole)
        .setPrefix("Bearer")
        .setRealm("docket")
        .setUnauthorizedHandler(new UnauthorizedResponse())
        .buildAuthFilter();
  }

  private AuthFilter<BasicCredentials, Caller> basic() {
    Authenticator<String, Caller> byKey = authenticator();
    return new BasicCredentialAuthFilter.Builder<Caller>()
        .setAuthenticator(credentials -> byKey.authenticate(credentials.getPassword()))
        .setAuthorizer(AuthFeature::hasRole)
        .setRealm("docket")
        .setUnauthorizedHandler(new UnauthorizedResponse())
        .buildAuthFilter();
  }

  /** Accepts a token or a password. Its 401 asks for a token. */
  @Priority(Priorities.AUTHENTICATION)
  private static final class BearerOrBasicFilter extends ChainedAuthFilter<Object, Caller> {

    @SuppressWarnings("rawtypes") // the chain accepts filters of any credentials, as a raw type
    private BearerOrBasicFilter(AuthFilter... filters) {
      super(List.of(filters));
      prefix = "Bearer";
      realm = "docket";
      unauthorizedHandler = new UnauthorizedResponse();
    }
  }

  /**
   * Requires a key, except on {@link PermitAll} methods, where Dropwizard's own requires one too.
   */
  private static final class RoleFilterFeature extends AuthDynamicFeature {

    private RoleFilterFeature(AuthFilter<?, Caller> filter) {
      super(filter);
    }

    @Override
    public void configure(ResourceInfo route, FeatureContext context) {
      if (!route.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
        super.configure(route, context);
      }
    }
  }

  /** Responds with 401 and a problem body. */
  private static final class UnauthorizedResponse implements UnauthorizedHandler {
    @Override
    public RuntimeException buildException(String prefix, String realm) {
      return new NotAuthorizedException(buildResponse(prefix, realm));
    }

    @Override
    public Response buildResponse(String prefix, String realm) {
      String challenge = prefix + " realm=\"" + realm + "\"";
      return Response.fromResponse(
              ErrorsFeature.response(
                  new NotAuthorizedException(
                      "an API key is required: send Authorization: Bearer <key>, or the key as the"
                          + " password of any user",
                      challenge)))
          .header("WWW-Authenticate", challenge)
          .build();
    }
  }

  /** Accepts all requests, with all roles. */
  @Priority(Priorities.AUTHENTICATION)
  private static final class AnonymousFilter extends AuthFilter<String, Caller> {

    private AnonymousFilter() {
      this.authorizer = (caller, role, request) -> true;
    }

    @Override
    public void filter(ContainerRequestContext request) {
      request.setSecurityContext(
          new SecurityContext() {
            @Override
            public Caller getUserPrincipal() {
              return Caller.ANONYMOUS;
            }

            @Override
            public boolean isUserInRole(String role) {
              return true;
            }

            @Override
            public boolean isSecure() {
              return false;
            }

            @Override
            public String getAuthenticationScheme() {
              return "none";
            }
          });
    }
  }
}

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
 * API keys, as a bearer token, or as the password of basic authentication for clients that know
 * nothing else; the user's name is then of no account. Where none is configured everyone may do
 * everything, and the server must not be reachable from elsewhere: see the server's configuration.
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
    // Looking the hash up leaks no more than its prefix by time; nobody can choose a hash.
    return key -> Optional.ofNullable(callers.get(ApiKey.hash(key)));
  }

  private static boolean may(
      Caller caller, String role, @Nullable ContainerRequestContext request) {
    return caller.roles().contains(role);
  }

  private AuthFilter<String, Caller> bearer() {
    return new OAuthCredentialAuthFilter.Builder<Caller>()
        .setAuthenticator(authenticator())
        .setAuthorizer(AuthFeature::may)
        .setPrefix("Bearer")
        .setRealm("docket")
        .setUnauthorizedHandler(new UnauthorizedResponse())
        .buildAuthFilter();
  }

  private AuthFilter<BasicCredentials, Caller> basic() {
    Authenticator<String, Caller> byKey = authenticator();
    return new BasicCredentialAuthFilter.Builder<Caller>()
        .setAuthenticator(credentials -> byKey.authenticate(credentials.getPassword()))
        .setAuthorizer(AuthFeature::may)
        .setRealm("docket")
        .setUnauthorizedHandler(new UnauthorizedResponse())
        .buildAuthFilter();
  }

  /** A token or a password; says no as if there were only tokens. */
  @Priority(Priorities.AUTHENTICATION)
  private static final class BearerOrBasicFilter extends ChainedAuthFilter<Object, Caller> {

    @SuppressWarnings("rawtypes") // the chain takes filters of any credentials, and says so raw
    private BearerOrBasicFilter(AuthFilter... ways) {
      super(List.of(ways));
      prefix = "Bearer";
      realm = "docket";
      unauthorizedHandler = new UnauthorizedResponse();
    }
  }

  /** Asks for a key everywhere but where all are let in; Dropwizard's own asks there too. */
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

  /** Says no in the one shape of errors. */
  private static final class UnauthorizedResponse implements UnauthorizedHandler {
    @Override
    public RuntimeException buildException(String prefix, String realm) {
      return new NotAuthorizedException(buildResponse(prefix, realm));
    }

    @Override
    public Response buildResponse(String prefix, String realm) {
      String challenge = prefix + " realm=\"" + realm + "\"";
      return Response.fromResponse(
              ErrorsFeature.answer(
                  new NotAuthorizedException(
                      "an API key is needed: send Authorization: Bearer <key>, or the key as the password of any user",
                      challenge)))
          .header("WWW-Authenticate", challenge)
          .build();
    }
  }

  /** Lets everyone in. */
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
              return Caller.ANYONE;
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

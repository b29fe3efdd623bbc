package dev.docket.auth.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.auth.CredentialSource;
import dev.docket.auth.RejectionListener;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.ProblemBody;
import io.dropwizard.auth.Auth;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DropwizardExtensionsSupport.class)
final class AuthFeatureTest {

  private static final Authentication ME =
      new Authentication.Accepted(new Caller("me", Set.of("analyst")));

  private static final Map<String, Authentication> OUTCOMES =
      Map.of(
          "right",
          ME,
          "wrong",
          new Authentication.Rejected("the \"token\" is wróng"),
          "away",
          new Authentication.Unavailable("the issuer is away; try again"),
          "late",
          new Authentication.Pending(CompletableFuture.completedStage(ME)),
          "never",
          new Authentication.Pending(new CompletableFuture<>()));

  private static volatile Authentication changing = ME;

  private static final CredentialSource SOURCE =
      new CredentialSource() {
        @Override
        public boolean requiresCredentials() {
          return true;
        }

        @Override
        public Optional<Authentication> authenticate(String credential) {
          return Optional.ofNullable(
              credential.equals("changing") ? changing : OUTCOMES.get(credential));
        }
      };

  private final ResourceExtension http =
      ResourceExtension.builder()
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(
              new AuthFeature(
                  new Authenticator(false, Set.of(CredentialForm.BEARER), List.of(SOURCE)),
                  RejectionListener.NONE))
          .addResource(new NameResource())
          .build();

  /** Returns the name of the caller. */
  @Path("/")
  public static final class NameResource {
    @GET
    @RolesAllowed("analyst")
    public String name(@Auth Caller caller) {
      return caller.name();
    }

    @GET
    @Path("checks")
    @RolesAllowed("analyst")
    public String checks(@Context ContainerRequestContext request) {
      CredentialCheck check = CredentialCheck.of(request);
      StringBuilder checks = new StringBuilder();
      for (Authentication later :
          List.of(
              ME,
              new Authentication.Unavailable("the store is away"),
              new Authentication.Pending(new CompletableFuture<>()),
              new Authentication.Rejected("revoked"),
              new Authentication.Accepted(new Caller("other", Set.of("analyst"))))) {
        changing = later;
        checks.append(check.isStillAccepted()).append(' ');
      }
      changing = ME;
      return checks + check.toString();
    }

    @GET
    @Path("admin")
    @RolesAllowed("admin")
    public String admin() {
      return "";
    }
  }

  private Response get(String path, @Nullable String authorization) {
    return http.target(path).request().header("Authorization", authorization).get();
  }

  private static String detail(Response response) {
    assertThat(response.getMediaType().toString()).isEqualTo(ProblemBody.MEDIA_TYPE);
    return response.readEntity(JsonNode.class).path("detail").asText();
  }

  @Test
  void acceptsKnownCallerAlsoAfterShortWait() {
    assertThat(get("/", "Bearer right").readEntity(String.class)).isEqualTo("me");
    assertThat(get("/", "Bearer late").readEntity(String.class)).isEqualTo("me");
  }

  @Test
  void credentialsCanBeCheckedAgainLater() {
    assertThat(get("/checks", "Bearer changing").readEntity(String.class))
        .isEqualTo("true true true false false LaterCheck[me]");
  }

  @Test
  void asksForCredentialsWithoutErrorIfNoneWereSent() {
    Response response = get("/", null);
    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getHeaderString("WWW-Authenticate")).isEqualTo("Bearer realm=\"docket\"");
    assertThat(detail(response)).contains("an API key or a token is required");
  }

  @Test
  void saysWhatIsWrongWithCredentials() {
    Response response = get("/", "Bearer wrong");
    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getHeaderString("WWW-Authenticate"))
        .isEqualTo(
            "Bearer realm=\"docket\", error=\"invalid_token\","
                + " error_description=\"the 'token' is wr'ng\"");
    assertThat(detail(response)).isEqualTo("the \"token\" is wróng");
  }

  @Test
  void rejectsCredentialsInUrl() {
    Response response = http.target("/").queryParam("access_token", "right").request().get();
    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(detail(response)).contains("access_token");
  }

  @Test
  void asksToTryAgainIfCredentialsCannotBeChecked() {
    Response away = get("/", "Bearer away");
    assertThat(away.getStatus()).isEqualTo(503);
    assertThat(away.getHeaderString("Retry-After")).isNotNull();
    assertThat(detail(away)).isEqualTo("the issuer is away; try again");

    Response never = get("/", "Bearer never");
    assertThat(never.getStatus()).isEqualTo(503);
    assertThat(never.getHeaderString("Retry-After")).isNotNull();
  }

  @Test
  void forbidsWhatNoRoleAllows() {
    Response response = get("/admin", "Bearer right");
    assertThat(response.getStatus()).isEqualTo(403);
    assertThat(detail(response)).contains("no role");
  }
}

package dev.docket.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.http.ErrorsFeature;
import dev.docket.server.HttpJson;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DropwizardExtensionsSupport.class)
final class OwnershipFeatureTest {

  private static final Map<String, Owner> OWNERS =
      Map.of(
          "own", new Owner("ann", "film"),
          "group", new Owner("bob", "film"),
          "foreign", new Owner("eve", "radio"),
          "former", Owner.NOBODY);

  private static final AtomicInteger READS = new AtomicInteger();

  private final CallerFilter caller = new CallerFilter();

  private final ResourceExtension resources =
      ResourceExtension.builder()
          .setMapper(HttpJson.mapper())
          .setRegisterDefaultExceptionMappers(false)
          .addProvider(new ErrorsFeature())
          .addProvider(caller)
          .addProvider(new OwnershipFeature(OwnershipFeatureTest::owner))
          .addResource(new Tasks())
          .build();

  private static CompletableFuture<Optional<RecordOwners.OwnedBy>> owner(
      OwnedRecord kind, String id) {
    READS.incrementAndGet();
    assertThat(kind).isEqualTo(OwnedRecord.TASK);
    return CompletableFuture.completedFuture(
        Optional.ofNullable(OWNERS.get(id)).map(found -> new RecordOwners.OwnedBy(found, "ASR")));
  }

  /** A resource as others are. */
  @Path("/task/{id}")
  public static final class Tasks {
    @GET
    @Sees(OwnedRecord.TASK)
    public String show(@PathParam("id") String id) {
      return "shown " + id;
    }

    @POST
    @Changes(OwnedRecord.TASK)
    public String change(@PathParam("id") String id) {
      return "changed " + id;
    }

    @GET
    @Path("free")
    public String free() {
      return "free";
    }
  }

  @PreMatching
  private static final class CallerFilter implements ContainerRequestFilter {

    private Caller caller = Caller.ANONYMOUS;

    @Override
    public void filter(ContainerRequestContext request) {
      request.setSecurityContext(
          new SecurityContext() {
            @Override
            public Principal getUserPrincipal() {
              return caller;
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
              return "test";
            }
          });
    }
  }

  @Test
  void showsWhatTheCallerSees() {
    caller.caller = caller(Scope.GROUP, Scope.OWN, null);

    assertThat(get("own")).isEqualTo("200 shown own");
    assertThat(get("group")).isEqualTo("200 shown group");
  }

  @Test
  void foreignRecordIsLikeAMissingOne() {
    caller.caller = caller(Scope.GROUP, Scope.OWN, null);

    assertThat(get("foreign")).startsWith("404 ").contains("there is no task foreign");
    assertThat(post("foreign")).startsWith("404 ").contains("there is no task foreign");
    assertThat(get("former")).startsWith("404 ").contains("there is no task former");
  }

  @Test
  void leavesMissingRecordToTheResource() {
    caller.caller = caller(Scope.GROUP, Scope.OWN, null);

    assertThat(get("missing")).isEqualTo("200 shown missing");
  }

  @Test
  void forbidsChangesOfWhatIsOnlySeen() {
    caller.caller = caller(Scope.GROUP, Scope.OWN, null);

    assertThat(post("own")).isEqualTo("200 changed own");
    assertThat(post("group"))
        .startsWith("403 ")
        .contains("you may change your own records only, and task group has another owner");
  }

  @Test
  void forbidsChangesOfTasksOfOtherKeys() {
    caller.caller = caller(Scope.ALL, Scope.ALL, Set.of("OCR"));

    assertThat(post("own"))
        .startsWith("403 ")
        .contains("this caller may not use the task key ASR; allowed are OCR");
    assertThat(get("own")).isEqualTo("200 shown own");

    caller.caller = caller(Scope.ALL, Scope.ALL, Set.of("ASR"));
    assertThat(post("foreign")).isEqualTo("200 changed foreign");
  }

  @Test
  void doesNotReadTheRecordForCallersThatSeeAll() {
    caller.caller = caller(Scope.ALL, Scope.ALL, null);
    READS.set(0);

    assertThat(get("foreign")).isEqualTo("200 shown foreign");
    assertThat(post("former")).isEqualTo("200 changed former");
    assertThat(READS).hasValue(0);
  }

  @Test
  void leavesOtherRoutesAlone() {
    caller.caller = caller(Scope.OWN, Scope.OWN, Set.of());

    assertThat(response(resources.target("/task/foreign/free").request().get()))
        .isEqualTo("200 free");
  }

  private static Caller caller(Scope sees, Scope changes, Set<String> taskKeys) {
    return new AccessRules(Map.of(Roles.ARCHIVIST, new AccessRules.Rule(sees, changes)))
        .caller("ann", "film", Set.of(Roles.ARCHIVIST), taskKeys);
  }

  private String get(String id) {
    return response(resources.target("/task/" + id).request().get());
  }

  private String post(String id) {
    return response(resources.target("/task/" + id).request().post(Entity.text("")));
  }

  private static String response(Response response) {
    try (response) {
      return response.getStatus() + " " + response.readEntity(String.class);
    }
  }
}

package dev.docket.server;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Alive and ready, for load balancers; open to all. The shapes are DANE's. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ProbeResource {

  private final Supplier<Optional<String>> storeTrouble;
  private final Supplier<Optional<String>> brokerTrouble;

  /**
   * Makes the probes.
   *
   * @param storeTrouble what is wrong with Elasticsearch now; empty if nothing is
   * @param brokerTrouble what is wrong with the broker now; empty if nothing is
   */
  public ProbeResource(
      Supplier<Optional<String>> storeTrouble, Supplier<Optional<String>> brokerTrouble) {
    this.storeTrouble = storeTrouble;
    this.brokerTrouble = brokerTrouble;
  }

  /** Whether the process answers at all. */
  @GET
  @Path("health")
  @PermitAll
  public Map<String, String> alive() {
    return Map.of("status", "200 OK");
  }

  /** Whether it can do its work; 500 and which of the two it lacks if not. */
  @GET
  @Path("ready")
  @PermitAll
  public Response ready() {
    Optional<String> store = healthError(storeTrouble);
    Optional<String> broker = healthError(brokerTrouble);
    int status = store.isEmpty() && broker.isEmpty() ? 200 : 500;
    return Response.status(status)
        .entity(Map.of("database", label(store), "messagequeue", label(broker)))
        .build();
  }

  /** Whatever goes wrong with asking is trouble too. */
  private static Optional<String> healthError(Supplier<Optional<String>> part) {
    try {
      return part.get();
    } catch (RuntimeException failure) {
      return Optional.of(failure.toString());
    }
  }

  private static String label(Optional<String> healthError) {
    return healthError.map(why -> "500 " + why).orElse("200 OK");
  }
}

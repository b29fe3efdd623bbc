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

/**
 * HTTP resource for liveness and readiness probes. Requires no API key. The response bodies have
 * DANE's format.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ProbeResource {

  private final Supplier<Optional<String>> storeError;
  private final Supplier<Optional<String>> brokerError;

  /**
   * Creates the resource.
   *
   * @param storeError supplies the current error of Elasticsearch, empty if there is none
   * @param brokerError supplies the current error of the broker, empty if there is none
   */
  public ProbeResource(
      Supplier<Optional<String>> storeError, Supplier<Optional<String>> brokerError) {
    this.storeError = storeError;
    this.brokerError = brokerError;
  }

  /** Reports that the process responds. */
  @GET
  @Path("health")
  @PermitAll
  public Map<String, String> alive() {
    return Map.of("status", "200 OK");
  }

  /** Reports whether Elasticsearch and the broker are usable; 500 if either is not. */
  @GET
  @Path("ready")
  @PermitAll
  public Response ready() {
    Optional<String> store = healthError(storeError);
    Optional<String> broker = healthError(brokerError);
    int status = store.isEmpty() && broker.isEmpty() ? 200 : 500;
    return Response.status(status)
        .entity(Map.of("database", label(store), "messagequeue", label(broker)))
        .build();
  }

  /** A check that itself fails counts as an error. */
  private static Optional<String> healthError(Supplier<Optional<String>> check) {
    try {
      return check.get();
    } catch (RuntimeException failure) {
      return Optional.of(failure.toString());
    }
  }

  private static String label(Optional<String> error) {
    return error.map(message -> "500 " + message).orElse("200 OK");
  }
}

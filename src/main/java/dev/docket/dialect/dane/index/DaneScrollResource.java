package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls that continue and end scrolls over DANE's index. */
@Path("/_search/scroll")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public final class DaneScrollResource {

  private static final String ID = "scroll_id";
  private static final String DEFAULT_KEEP_ALIVE = "5m";

  private final ScrollService scrolls;
  private final IndexCalls calls;
  private final ObjectMapper mapper;
  private final StoreWait wait;

  DaneScrollResource(ScrollService scrolls, IndexCalls calls, ObjectMapper mapper, StoreWait wait) {
    this.scrolls = scrolls;
    this.calls = calls;
    this.mapper = mapper;
    this.wait = wait;
  }

  /** Returns the next page. */
  @POST
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput next(
      @Auth Caller caller,
      @QueryParam(ID) @Nullable String id,
      @QueryParam("scroll") @DefaultValue(DEFAULT_KEEP_ALIVE) String keepAlive,
      InputStream input) {
    ObjectNode body = calls.body(input);
    Duration duration = IndexCalls.keepAlive(body.path("scroll").asText(keepAlive));
    String scrollId = ids(id, body).get(0);
    return wait.call(() -> scrolls.next(caller, scrollId, duration));
  }

  /** Returns the next page. */
  @GET
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput nextByGet(
      @Auth Caller caller,
      @QueryParam(ID) @Nullable String id,
      @QueryParam("scroll") @DefaultValue(DEFAULT_KEEP_ALIVE) String keepAlive,
      InputStream input) {
    return next(caller, id, keepAlive, input);
  }

  /** Ends scrolls. */
  @DELETE
  @RolesAllowed({Roles.WORKER, Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response end(@QueryParam(ID) @Nullable String id, InputStream input) {
    int ended = 0;
    for (String each : ids(id, calls.body(input))) {
      ended += scrolls.end(each) ? 1 : 0;
    }
    ObjectNode answer = mapper.createObjectNode().put("succeeded", true).put("num_freed", ended);
    return Response.status(ended == 0 ? 404 : 200).entity(answer).build();
  }

  private static List<String> ids(@Nullable String parameter, ObjectNode body) {
    JsonNode value = body.path(ID);
    List<String> ids = new ArrayList<>();
    if (value.isTextual()) {
      ids.add(value.textValue());
    } else if (value.isArray()) {
      value.forEach(id -> ids.add(id.asText()));
    } else if (parameter != null) {
      ids.add(parameter);
    }
    if (ids.isEmpty()) {
      throw InvalidQuery.argument("scroll_id is missing");
    }
    return ids;
  }
}

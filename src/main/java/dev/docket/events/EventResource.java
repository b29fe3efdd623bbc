package dev.docket.events;

import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import org.glassfish.jersey.server.ChunkedOutput;

/** What happens to tasks, as a stream of server-sent events that ends when its reader goes. */
@Path("/events")
public final class EventResource {

  /** What may wait for the first byte of the answer to be sent. */
  private static final int RESPONSE_HEADROOM = 16;

  private final EventStreams streams;
  private final EventStreamWriters writers;

  public EventResource(EventStreams streams, EventStreamWriters writers) {
    this.streams = streams;
    this.writers = writers;
  }

  /**
   * The events of all servers from now on: {@code task} for each change of a task, {@code lost}
   * when the reader was too slow for some, {@code broker} at first and when events stop or come
   * again.
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response events(@Context UriInfo uri, @Context HttpServletRequest request) {
    EventFilter filter = filter(uri);
    // A proxy must not gather what it is to pass on.
    Response.ResponseBuilder answer =
        Response.ok()
            .type(MediaType.SERVER_SENT_EVENTS)
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .header("X-Accel-Buffering", "no");
    // Jersey's own request says GET of both.
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      return answer.build();
    }
    Chunks chunks = new Chunks();
    writers.begin(streams.open(filter), chunks);
    return answer.entity(chunks.output).build();
  }

  private static EventFilter filter(UriInfo uri) {
    try {
      return EventFilter.read(uri.getQueryParameters());
    } catch (IllegalArgumentException undecodable) {
      throw new InvalidRequest("the query string cannot be decoded", List.of());
    }
  }

  private static final class Chunks implements EventStreamWriters.Sink {

    private final ChunkedOutput<byte[]> output =
        ChunkedOutput.<byte[]>builder(byte[].class).queueCapacity(RESPONSE_HEADROOM).build();

    @Override
    public void write(byte[] frame) throws IOException {
      output.write(frame);
    }

    @Override
    public void close() throws IOException {
      output.close();
    }
  }
}

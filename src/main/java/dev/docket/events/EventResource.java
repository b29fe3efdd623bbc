package dev.docket.events;

import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.auth.Roles;
import dev.docket.http.InvalidRequest;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.glassfish.jersey.server.ChunkedOutput;

/**
 * HTTP resource for task events, a stream of server-sent events that ends when the client leaves or
 * its credentials are no longer accepted.
 */
@Path("/events")
public final class EventResource {

  /** Number of chunks that are buffered until the response starts. */
  private static final int CHUNK_BUFFER_SIZE = 16;

  private final EventStreams streams;
  private final EventStreamWriters writers;

  public EventResource(EventStreams streams, EventStreamWriters writers) {
    this.streams = streams;
    this.writers = writers;
  }

  /**
   * Streams the events of all servers from now on: {@code task} for each change of a task, {@code
   * lost} if the client was too slow and events were dropped, and {@code broker} at the start and
   * whenever the connection to the broker changes.
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Response events(
      @Auth Caller who,
      @Context UriInfo uri,
      @Context HttpServletRequest request,
      @Context ContainerRequestContext authenticated) {
    EventFilter filter = filter(uri, who);
    return respond(
        request, writers, () -> streams.open(filter, who), CredentialCheck.of(authenticated));
  }

  /**
   * The response to a request for a stream of server-sent events.
   *
   * @param source opens the stream; not called for a HEAD request
   */
  public static Response respond(
      HttpServletRequest request,
      EventStreamWriters writers,
      Supplier<? extends FrameSource> source,
      CredentialCheck credentials) {
    // Keeps proxies from buffering the stream.
    Response.ResponseBuilder response =
        Response.ok()
            .type(MediaType.SERVER_SENT_EVENTS)
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .header("X-Accel-Buffering", "no");
    // Jersey's own request reports GET for HEAD too.
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      return response.build();
    }
    FrameSource opened = source.get();
    Chunks chunks = new Chunks();
    writers.start(opened, chunks, credentials);
    return response.entity(chunks.output).build();
  }

  private static EventFilter filter(UriInfo uri, Caller who) {
    try {
      return EventFilter.read(uri.getQueryParameters(), who.sees());
    } catch (IllegalArgumentException e) {
      throw new InvalidRequest("the query string cannot be decoded", List.of());
    }
  }

  /** The chunks of a response. Fails with an {@link IOException} if the client has gone. */
  static final class Chunks implements EventStreamWriters.Sink {

    private final ChunkedOutput<byte[]> output;

    private Chunks() {
      this(ChunkedOutput.<byte[]>builder(byte[].class).queueCapacity(CHUNK_BUFFER_SIZE).build());
    }

    Chunks(ChunkedOutput<byte[]> output) {
      this.output = output;
    }

    @Override
    public void write(byte[] frame) throws IOException {
      send(() -> output.write(frame));
    }

    @Override
    public void close() throws IOException {
      send(output::close);
    }
  }

  private interface Sending {
    void run() throws IOException;
  }

  private static void send(Sending sending) throws IOException {
    try {
      sending.run();
    } catch (ProcessingException closed) {
      throw new IOException(closed);
    }
  }
}

package dev.docket.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.Principal;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.glassfish.jersey.server.monitoring.ApplicationEvent;
import org.glassfish.jersey.server.monitoring.ApplicationEventListener;
import org.glassfish.jersey.server.monitoring.RequestEvent;
import org.glassfish.jersey.server.monitoring.RequestEventListener;
import org.jspecify.annotations.Nullable;

/**
 * Limits the size of each request body, and the total size of the bodies of all current requests,
 * of which one caller may have three quarters, or one body of the maximum size. All limits count
 * decompressed bytes. NDJSON bodies are exempt, because each of their lines is limited instead, and
 * so are those of methods marked with {@link StreamedBody}.
 */
public final class BodyLimitFilter implements ContainerRequestFilter, ApplicationEventListener {

  private static final String NDJSON = "application/x-ndjson";
  private static final String BYTES_READ_PROPERTY = BodyLimitFilter.class.getName();

  /** Bodies up to this size do not count towards the total and are never rejected because of it. */
  private static final int SMALL_BODY_BYTES = 1 << 16;

  private final long maxBytes;
  private final Places totalBytes;

  /**
   * Creates the filter.
   *
   * @param maxBytes limit for one body
   * @param maxTotalBytes limit for all current bodies together, small ones excluded
   */
  public BodyLimitFilter(long maxBytes, long maxTotalBytes) {
    this.maxBytes = maxBytes;
    this.totalBytes =
        new Places(
            "bytes of large request bodies",
            maxTotalBytes,
            Math.max(maxBytes, maxTotalBytes * 3 / 4));
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (isNdjson(request) || !request.hasEntity() || isStreamed(request)) {
      return;
    }
    if (request.getLength() > maxBytes) {
      throw tooLarge();
    }
    LimitedBody body =
        new LimitedBody(request.getEntityStream(), request.getSecurityContext().getUserPrincipal());
    request.setProperty(BYTES_READ_PROPERTY, body);
    request.setEntityStream(body);
  }

  static boolean isNdjson(ContainerRequestContext request) {
    return request.getMediaType() != null && request.getMediaType().toString().startsWith(NDJSON);
  }

  static boolean isStreamed(ContainerRequestContext request) {
    ResourceMethod method =
        request.getUriInfo() instanceof ExtendedUriInfo matched
            ? matched.getMatchedResourceMethod()
            : null;
    return method != null
        && method.getInvocable().getHandlingMethod().isAnnotationPresent(StreamedBody.class);
  }

  /** The size of all bodies that count towards the total, in bytes. */
  long totalBytes() {
    return totalBytes.taken();
  }

  @Override
  public void onEvent(ApplicationEvent event) {
    // Only request events matter.
  }

  @Override
  public RequestEventListener onRequest(RequestEvent started) {
    return new BodyRelease();
  }

  /** Releases a body when its request has finished, as the server may use the body until then. */
  private static final class BodyRelease implements RequestEventListener {
    private @Nullable LimitedBody body;

    @Override
    public void onEvent(RequestEvent event) {
      switch (event.getType()) {
        // Later the container request may be reused for another request, without properties.
        case REQUEST_FILTERED ->
            body = (LimitedBody) event.getContainerRequest().getProperty(BYTES_READ_PROPERTY);
        case FINISHED -> {
          if (body != null) {
            body.release();
          }
        }
        default -> {
          // No other event changes the total.
        }
      }
    }
  }

  private PayloadTooLarge tooLarge() {
    return new PayloadTooLarge(
        "the body must be at most " + maxBytes + " bytes; send large batches as " + NDJSON);
  }

  private final class LimitedBody extends FilterInputStream {
    private final Places.Place place;
    private long read;
    private long counted;

    private LimitedBody(InputStream in, @Nullable Principal caller) {
      super(in);
      place = totalBytes.take(caller, 0);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      count(Math.max(count, 0));
      return count;
    }

    private void count(int bytes) {
      read += bytes;
      if (read > maxBytes) {
        throw tooLarge();
      }
      if (read > SMALL_BODY_BYTES && read > counted) {
        totalBytes.add(place, read - counted);
        counted = read;
      }
    }

    private void release() {
      place.close();
    }
  }
}

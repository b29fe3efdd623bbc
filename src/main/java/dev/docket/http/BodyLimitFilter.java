package dev.docket.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.jersey.server.monitoring.ApplicationEvent;
import org.glassfish.jersey.server.monitoring.ApplicationEventListener;
import org.glassfish.jersey.server.monitoring.RequestEvent;
import org.glassfish.jersey.server.monitoring.RequestEventListener;
import org.jspecify.annotations.Nullable;

/**
 * Reads no more of a body than the configuration allows, and of all bodies of requests under way no
 * more than it allows for all of them; both count what comes out of compressed ones. Streams of
 * lines are bounded by line.
 */
public final class BodyLimitFilter implements ContainerRequestFilter, ApplicationEventListener {

  private static final String NDJSON = "application/x-ndjson";
  private static final String BYTES_READ_PROPERTY = BodyLimitFilter.class.getName();

  /** A body up to this is never turned away because of others, and not counted. */
  private static final int SMALL_BODY_BYTES = 1 << 16;

  private final long most;
  private final long mostOfAll;
  private final AtomicLong held = new AtomicLong();

  /**
   * Makes the filter.
   *
   * @param most of one body, in bytes
   * @param mostOfAll of all that are held at the same time; small ones are not counted
   */
  public BodyLimitFilter(long most, long mostOfAll) {
    this.most = most;
    this.mostOfAll = mostOfAll;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    boolean lines =
        request.getMediaType() != null && request.getMediaType().toString().startsWith(NDJSON);
    if (lines || !request.hasEntity()) {
      return;
    }
    if (request.getLength() > most) {
      throw tooLarge();
    }
    Limited body = new Limited(request.getEntityStream());
    request.setProperty(BYTES_READ_PROPERTY, body);
    request.setEntityStream(body);
  }

  /** How much is held of all bodies that are counted. */
  long held() {
    return held.get();
  }

  @Override
  public void onEvent(ApplicationEvent event) {
    // Only requests are of interest.
  }

  @Override
  public RequestEventListener onRequest(RequestEvent started) {
    return new Release();
  }

  /** Until a request is answered its body counts, as it may still be worked on. */
  private static final class Release implements RequestEventListener {
    private @Nullable Limited body;

    @Override
    public void onEvent(RequestEvent event) {
      switch (event.getType()) {
        // Later the request may be in use for another one, and has no properties.
        case REQUEST_FILTERED ->
            body = (Limited) event.getContainerRequest().getProperty(BYTES_READ_PROPERTY);
        case FINISHED -> {
          if (body != null) {
            body.release();
          }
        }
        default -> {
          // Between reading and answering nothing changes.
        }
      }
    }
  }

  private PayloadTooLarge tooLarge() {
    return new PayloadTooLarge(
        "the body is longer than " + most + " bytes; send large batches as " + NDJSON);
  }

  private final class Limited extends FilterInputStream {
    private long read;
    private long counted;

    private Limited(InputStream in) {
      super(in);
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

    private void count(int more) {
      read += more;
      if (read > most) {
        throw tooLarge();
      }
      if (read > SMALL_BODY_BYTES && read > counted) {
        hold(read - counted);
      }
    }

    private void hold(long bytes) {
      if (held.addAndGet(bytes) > mostOfAll) {
        held.addAndGet(-bytes);
        throw new ServerBusy("too many large bodies are being read, try again");
      }
      counted += bytes;
    }

    private void release() {
      held.addAndGet(-counted);
      counted = 0;
    }
  }
}

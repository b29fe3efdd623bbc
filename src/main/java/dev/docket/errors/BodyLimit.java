package dev.docket.errors;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads no more of a body than the configuration allows; streams of lines are bounded by line. */
public final class BodyLimit implements ContainerRequestFilter {

  private static final String NDJSON = "application/x-ndjson";

  private final long most;

  /**
   * Makes the filter.
   *
   * @param most in bytes
   */
  public BodyLimit(long most) {
    this.most = most;
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
    request.setEntityStream(new Limited(request.getEntityStream()));
  }

  private TooLarge tooLarge() {
    return new TooLarge(
        "the body is longer than " + most + " bytes; send large batches as " + NDJSON);
  }

  private final class Limited extends FilterInputStream {
    private long read;

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
    }
  }
}

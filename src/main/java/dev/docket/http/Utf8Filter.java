package dev.docket.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Rejects bodies that are not UTF-8. Batches check each line of NDJSON on its own, and methods
 * marked with {@link StreamedBody} check their bodies themselves.
 */
@Priority(Priorities.ENTITY_CODER)
final class Utf8Filter implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.hasEntity()
        && !BodyLimitFilter.isNdjson(request)
        && !BodyLimitFilter.isStreamed(request)) {
      request.setEntityStream(new CheckedBody(request.getEntityStream()));
    }
  }

  private static final class CheckedBody extends FilterInputStream {
    private final Utf8Check check = new Utf8Check();

    private CheckedBody(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = in.read(into, offset, length);
      if (count < 0 ? !check.isComplete() : !check.accept(into, offset, count)) {
        throw UnreadableBody.notUtf8();
      }
      return count;
    }
  }
}

package dev.docket.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.http.HttpException;

/** Turns each failure to read from the client's connection into an {@link UnreadableBody}. */
@PreMatching
final class RequestBodyFilter implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    request.setEntityStream(new ReceivedBody(request.getEntityStream()));
  }

  private static final class ReceivedBody extends FilterInputStream {

    private ReceivedBody(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return receive(in::read);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return receive(() -> in.read(into, offset, length));
    }

    @Override
    public long skip(long count) throws IOException {
      return receive(() -> in.skip(count));
    }

    @Override
    public int available() throws IOException {
      return receive(in::available);
    }

    private static <T> T receive(Read<T> read) throws IOException {
      try {
        return read.call();
      } catch (IOException failure) {
        throw UnreadableBody.of(failure);
      } catch (RuntimeException failure) {
        // Jetty wraps some failures to decompress.
        if (failure instanceof HttpException || failure.getCause() instanceof IOException) {
          throw UnreadableBody.of(failure);
        }
        throw failure;
      }
    }
  }

  private interface Read<T> {
    T call() throws IOException;
  }
}

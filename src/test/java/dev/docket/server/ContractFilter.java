package dev.docket.server;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Listens at the server's own door, so that it hears workers as well as tests, and holds what goes
 * in and out against the description. DANE's API is not described.
 */
final class ContractFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final String HEARD = ContractFilter.class.getName();

  private final ApiContract contract = new ApiContract();
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();

  /** What was not as described, so far. */
  List<String> broken() {
    return List.copyOf(broken);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    request.setProperty(HEARD, heard);
    request.setEntityStream(new Copied(request.getEntityStream(), heard));
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String path = "/" + request.getUriInfo().getPath(false);
    if (path.startsWith("/DANE")) {
      return;
    }
    HttpExchange exchange =
        new HttpExchange(
            request.getMethod(),
            path.replaceFirst("^//", "/"),
            HttpExchange.plain(request.getHeaderString("Content-Type")),
            request.getProperty(HEARD) instanceof ByteArrayOutputStream body ? body : null,
            response.getStatus(),
            HttpExchange.plain(response.getHeaderString("Content-Type")),
            response.getStringHeaders().keySet(),
            new ByteArrayOutputStream());
    if (!response.hasEntity()) {
      broken.addAll(exchange.wrong(contract));
      return;
    }
    response.setEntityStream(
        new FilterOutputStream(response.getEntityStream()) {
          private boolean closed;

          @Override
          public void write(int b) throws IOException {
            out.write(b);
            exchange.answer().write(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            exchange.answer().write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            if (!closed) {
              closed = true;
              broken.addAll(exchange.wrong(contract));
            }
            super.close();
          }
        });
  }

  private static final class Copied extends FilterInputStream {
    private final OutputStream copy;

    private Copied(InputStream in, OutputStream copy) {
      super(in);
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        copy.write(b);
      }
      return b;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      if (count > 0) {
        copy.write(into, offset, count);
      }
      return count;
    }
  }
}

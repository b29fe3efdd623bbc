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
 * Compares all requests and responses with the OpenAPI description. As a filter of the server it
 * sees the requests of workers as well as those of tests. DANE's API is not described.
 */
final class ContractFilter implements ContainerRequestFilter, ContainerResponseFilter {

  private static final String REQUEST_BODY = ContractFilter.class.getName();

  private final ApiContract contract = new ApiContract();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

  /** All differences from the description so far. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    request.setProperty(REQUEST_BODY, body);
    request.setEntityStream(new CopyingInputStream(request.getEntityStream(), body));
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
            HttpExchange.mediaType(request.getHeaderString("Content-Type")),
            request.getProperty(REQUEST_BODY) instanceof ByteArrayOutputStream body ? body : null,
            response.getStatus(),
            HttpExchange.mediaType(response.getHeaderString("Content-Type")),
            response.getStringHeaders().keySet(),
            new ByteArrayOutputStream());
    if (!response.hasEntity()) {
      violations.addAll(exchange.violations(contract));
      return;
    }
    response.setEntityStream(
        new FilterOutputStream(response.getEntityStream()) {
          private boolean closed;

          @Override
          public void write(int b) throws IOException {
            out.write(b);
            exchange.responseBody().write(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            exchange.responseBody().write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            if (!closed) {
              closed = true;
              violations.addAll(exchange.violations(contract));
            }
            super.close();
          }
        });
  }

  private static final class CopyingInputStream extends FilterInputStream {
    private final OutputStream copy;

    private CopyingInputStream(InputStream in, OutputStream copy) {
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
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count > 0) {
        copy.write(buffer, offset, count);
      }
      return count;
    }
  }
}

package dev.docket.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts the connection when a streamed response fails after part of it was sent. Jersey alone
 * would end the body normally, and the client would take it for complete.
 */
final class TruncatingInterceptor implements WriterInterceptor {

  private static final Logger LOG = LoggerFactory.getLogger(TruncatingInterceptor.class);

  /** The status that makes Jetty abort the connection. */
  private static final int ABORT = -1;

  private final Provider<HttpServletResponse> response;

  /** Jersey creates an instance for each request. */
  @Inject
  public TruncatingInterceptor(Provider<HttpServletResponse> response) {
    this.response = response;
  }

  @Override
  public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
    if (!(context.getEntity() instanceof StreamingOutput)) {
      context.proceed();
      return;
    }
    HttpServletResponse servletResponse = response.get();
    try {
      context.proceed();
    } catch (JsonProcessingException unwritable) {
      // Jackson wraps what fails while it serializes a value.
      truncate(
          servletResponse,
          unwritable.getCause() instanceof RuntimeException cause
              ? cause
              : new UncheckedIOException(unwritable));
    } catch (UnreadableBody unreadable) {
      // The body of a batch is read while the outcomes are written.
      if (!servletResponse.isCommitted()) {
        throw unreadable;
      }
      LOG.info("Truncated a streamed response: {}", unreadable.getMessage());
      abort(servletResponse);
    } catch (IOException disconnected) {
      LOG.info("The client of a streamed response disconnected: {}", disconnected.toString());
      abort(servletResponse);
    } catch (RuntimeException failure) {
      truncate(servletResponse, failure);
    }
  }

  private static void truncate(HttpServletResponse servletResponse, RuntimeException failure) {
    if (!servletResponse.isCommitted()) {
      throw failure;
    }
    if (failure.getCause() instanceof Problem || failure instanceof Problem) {
      LOG.warn("Truncated a streamed response: {}", failure.getMessage());
    } else {
      LOG.error("Truncated a streamed response", failure);
    }
    abort(servletResponse);
  }

  private static void abort(HttpServletResponse servletResponse) {
    try {
      servletResponse.sendError(ABORT);
    } catch (IOException | IllegalStateException closed) {
      LOG.debug("The connection was already closed", closed);
    }
  }
}

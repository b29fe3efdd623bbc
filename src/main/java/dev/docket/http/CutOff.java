package dev.docket.http;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A streamed answer that cannot be written to its end must not look whole: when a part of it has
 * gone out, the connection is cut. Jersey alone would end the body in order.
 */
public final class CutOff implements WriterInterceptor {

  private static final Logger LOG = LoggerFactory.getLogger(CutOff.class);

  /** What makes Jetty cut the connection. */
  private static final int ABORT = -1;

  private final Provider<HttpServletResponse> response;

  /** Made by Jersey for each request. */
  @Inject
  public CutOff(Provider<HttpServletResponse> response) {
    this.response = response;
  }

  @Override
  public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
    if (!(context.getEntity() instanceof StreamingOutput)) {
      context.proceed();
      return;
    }
    HttpServletResponse answer = response.get();
    try {
      context.proceed();
    } catch (IOException gone) {
      LOG.info("Whoever read a list has gone: {}", gone.toString());
      cut(answer);
    } catch (RuntimeException failure) {
      if (!answer.isCommitted()) {
        throw failure;
      }
      if (failure.getCause() instanceof Problem || failure instanceof Problem) {
        LOG.warn("A list ends before its time: {}", failure.getMessage());
      } else {
        LOG.error("A list ends before its time", failure);
      }
      cut(answer);
    }
  }

  private static void cut(HttpServletResponse answer) {
    try {
      answer.sendError(ABORT);
    } catch (IOException | IllegalStateException already) {
      LOG.debug("it was cut already", already);
    }
  }
}

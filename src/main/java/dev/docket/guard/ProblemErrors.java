package dev.docket.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.ProblemBody;
import dev.docket.http.RequestAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes problem documents for the errors that Jetty finds before a resource is called, such as a
 * malformed request line or path.
 */
final class ProblemErrors extends ErrorHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemErrors.class);

  private final ObjectMapper mapper;

  ProblemErrors(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Throwable cause = (Throwable) request.getAttribute(ERROR_EXCEPTION);
    int status = response.getStatus();
    @Nullable String reason = null;
    if (cause instanceof HttpException rejected) {
      status = rejected.getCode();
      reason = rejected.getReason();
    } else if (cause instanceof TimeoutException) {
      status = HttpStatus.REQUEST_TIMEOUT_408;
      reason = "the client stopped sending";
    } else if (cause instanceof IOException) {
      // The client has left, so the response reaches nobody.
      status = HttpStatus.BAD_REQUEST_400;
      LOG.debug("The client of a request left", cause);
    } else if (cause != null) {
      LOG.error("A request failed outside of its resource", cause);
    }
    if (HttpStatus.hasNoBody(status)) {
      callback.succeeded();
    } else {
      write(request, response, callback, status, detail(status, reason));
    }
    return true;
  }

  private static String detail(int status, @Nullable String reason) {
    String meaning = HttpStatus.getMessage(status);
    if (status >= 500 && status != HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505) {
      return meaning;
    }
    return "the HTTP request is not valid"
        + (reason == null || reason.equals(meaning) ? "" : ": " + reason);
  }

  /** Jetty rejects some requests before they have an id. */
  private static String id(Request request) {
    if (request.getAttribute(RequestAttributes.ID) instanceof String known) {
      return known;
    }
    String id = RequestAttributes.newId();
    request.setAttribute(RequestAttributes.ID, id);
    return id;
  }

  /** Writes a problem document, and completes the callback. */
  void write(Request request, Response response, Callback callback, int status, String detail) {
    response.setStatus(status);
    SecurityHeaders.add(response.getHeaders());
    response.getHeaders().put(RequestAttributes.ID_HEADER, id(request));
    request.setAttribute(RequestAttributes.PROBLEM, detail);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemBody.MEDIA_TYPE);
    byte[] body;
    try {
      body = mapper.writeValueAsBytes(ProblemBody.of(status, detail));
    } catch (JsonProcessingException e) {
      callback.failed(e);
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    boolean withoutBody = request.getMethod().equals("HEAD");
    response.write(true, withoutBody ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body), callback);
  }
}

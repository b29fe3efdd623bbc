package dev.docket.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the {@link WaitingResponses}. Until the first space, Jersey can still write the response.
 * From then on this object writes it, without blocking: a client that does not read holds no
 * thread.
 */
final class WaitingResponse<T> implements WriteListener {

  /** Writes the content as JSON. */
  interface Writer {
    byte[] write(@Nullable Object content) throws IOException;
  }

  private enum Stage {
    /** Nothing was sent. */
    WAITING,
    /** White space was sent, and perhaps the content. */
    BEGUN,
    /** Sent, lost, or left to Jersey. */
    ENDED
  }

  private static final Logger LOG = LoggerFactory.getLogger(WaitingResponse.class);

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final AsyncResponse async;
  private final AwaitedContent<T> content;
  private final Writer writer;

  /** Guarded by this, as are the fields below. */
  private Stage stage = Stage.WAITING;

  private @Nullable ServletOutputStream output;
  private boolean spaceDue;
  private byte @Nullable [] body;
  private boolean bodyWritten;
  private boolean flushDue;

  WaitingResponse(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncResponse async,
      AwaitedContent<T> content,
      Writer writer) {
    this.request = request;
    this.response = response;
    this.async = async;
    this.content = content;
    this.writer = writer;
  }

  /** Sends a space if the response waits. Never blocks. */
  synchronized void sendSpace() {
    if (stage == Stage.ENDED || body != null || !content.isWaiting()) {
      return;
    }
    spaceDue = true;
    try {
      if (stage == Stage.WAITING) {
        begin();
      }
      writeWhatIsDue();
    } catch (IOException | RuntimeException e) {
      lost(e);
    }
  }

  private void begin() throws IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(MediaType.APPLICATION_JSON);
    // Otherwise a proxy collects the white space, and the server cannot notice a disconnect.
    response.setHeader("X-Accel-Buffering", "no");
    // Compression would collect it, too.
    response.setHeader(HttpHeaders.CONTENT_ENCODING, "identity");
    stage = Stage.BEGUN;
    output = response.getOutputStream();
    output.setWriteListener(this);
  }

  /** Ends the wait with the content or with a failure. */
  void complete(@Nullable T value, @Nullable Throwable failure) {
    synchronized (this) {
      if (stage == Stage.ENDED) {
        return;
      }
      if (stage == Stage.BEGUN) {
        try {
          body = writer.write(failure == null ? value : failed(failure));
          writeWhatIsDue();
        } catch (IOException | RuntimeException e) {
          lost(e);
        }
        return;
      }
      stage = Stage.ENDED;
    }
    if (failure == null) {
      respond(value);
    } else {
      respond(ErrorsFeature.response(failure));
    }
  }

  private void respond(@Nullable Object entity) {
    async.register(
        (CompletionCallback)
            failure -> {
              if (failure == null) {
                content.sent();
              } else {
                content.lost();
              }
            });
    if (!async.resume(entity)) {
      content.lost();
    }
  }

  private T failed(Throwable failure) {
    Response problem = ErrorsFeature.response(failure);
    String detail =
        problem.getEntity() instanceof ProblemBody body
            ? body.detail()
            : problem.getStatusInfo().getReasonPhrase();
    request.setAttribute(RequestAttributes.PROBLEM, detail);
    return content.failure(problem.getStatus(), detail);
  }

  /** Writes as much as the connection takes now; {@link #onWritePossible} continues. */
  private void writeWhatIsDue() throws IOException {
    ServletOutputStream out = output;
    while (stage == Stage.BEGUN && out != null && out.isReady()) {
      byte[] due = body;
      if (due != null && !bodyWritten) {
        bodyWritten = true;
        flushDue = true;
        out.write(due);
      } else if (due == null && spaceDue) {
        spaceDue = false;
        flushDue = true;
        out.write(' ');
      } else if (flushDue) {
        flushDue = false;
        out.flush();
      } else if (bodyWritten) {
        stage = Stage.ENDED;
        content.sent();
        request.getAsyncContext().complete();
      } else {
        return;
      }
    }
  }

  @Override
  public synchronized void onWritePossible() throws IOException {
    try {
      writeWhatIsDue();
    } catch (IOException | RuntimeException e) {
      lost(e);
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    lost(failure);
  }

  private void lost(Throwable failure) {
    if (stage == Stage.ENDED) {
      return;
    }
    stage = Stage.ENDED;
    if (failure instanceof RuntimeException) {
      LOG.error("Cannot send a response to a client that waits; closing it", failure);
    } else {
      LOG.debug("A client that waited for a response has disconnected", failure);
    }
    content.lost();
    try {
      request.getAsyncContext().complete();
    } catch (IllegalStateException ended) {
      LOG.debug("The container has ended the request", ended);
    }
  }
}

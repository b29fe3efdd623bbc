package dev.docket.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request cannot be read, which is the client's doing: it disconnected, sent nothing
 * for too long, or sent bytes that are not what the headers announce.
 *
 * <p>An {@link IOException}, because parsers pass those on unchanged and wrap all others.
 */
final class UnreadableBody extends IOException {

  @Serial private static final long serialVersionUID = 1;

  private final int status;

  private UnreadableBody(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  static UnreadableBody notUtf8() {
    return new UnreadableBody(400, "the body must be valid UTF-8", null);
  }

  /** The failure of a read from the connection. */
  static UnreadableBody of(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ZipException) {
        return new UnreadableBody(
            400, "the body cannot be decompressed with its Content-Encoding", failure);
      }
      if (cause instanceof TimeoutException) {
        return new UnreadableBody(408, "the client did not send the body in time", failure);
      }
      if (cause instanceof HttpException rejected
          && !(cause instanceof EOFException)
          && rejected.getCode() / 100 == 4) {
        return new UnreadableBody(
            rejected.getCode(), "the body was rejected: " + rejected.getReason(), failure);
      }
    }
    return new UnreadableBody(
        400, "the body ended early, or its chunked encoding is invalid", failure);
  }

  /** The status of the response, if the client can still receive one. */
  int status() {
    return status;
  }
}

package dev.docket.guard;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Fails a body that arrives too slowly with 408. Only the time counts that the server waits for the
 * client, not the time that it takes itself before it reads on. The connector's idle timeout ends a
 * body of which nothing more arrives.
 *
 * <p>Jetty calls the methods one at a time.
 */
final class SlowBody extends Request.Wrapper {

  /** A body may be slow for this long. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Far below any network, and above a byte now and then. */
  private static final int MIN_BYTES_PER_SECOND = 100;

  private final LongSupplier nanos;
  private long waitedNanos;
  private long bytes;
  private Content.@Nullable Chunk failure;

  SlowBody(Request request, LongSupplier nanos) {
    super(request);
    this.nanos = nanos;
  }

  @Override
  public void demand(Runnable onContent) {
    long since = nanos.getAsLong();
    super.demand(
        Invocable.from(
            Invocable.getInvocationType(onContent),
            () -> {
              waitedNanos += nanos.getAsLong() - since;
              onContent.run();
            }));
  }

  @Override
  public Content.@Nullable Chunk read() {
    if (failure != null) {
      return failure;
    }
    Content.Chunk chunk = super.read();
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return chunk;
    }
    bytes += chunk.remaining();
    if (!chunk.isLast() && isTooSlow()) {
      chunk.release();
      failure =
          Content.Chunk.from(
              new HttpException.RuntimeException(
                  HttpStatus.REQUEST_TIMEOUT_408,
                  "the body must arrive with at least " + MIN_BYTES_PER_SECOND + " bytes/s"));
      return failure;
    }
    return chunk;
  }

  private boolean isTooSlow() {
    double seconds = waitedNanos / 1e9;
    return seconds > GRACE.toSeconds() && bytes < MIN_BYTES_PER_SECOND * seconds;
  }
}

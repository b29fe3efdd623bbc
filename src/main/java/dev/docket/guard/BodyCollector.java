package dev.docket.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Receives small bodies completely before the next handler reads them, because reading a body holds
 * a thread. So a client that sends a small body slowly holds no thread. Larger bodies hold one;
 * {@link ThreadShares} limits these for each caller.
 *
 * <p>Collects only for callers with a key, and up to a total size; beyond it a body is read as a
 * large one is.
 */
final class BodyCollector extends Handler.Wrapper {

  /** Bodies up to this size, in bytes, are small: most reports and submissions are. */
  static final int MAX_BYTES = 32 * 1024;

  /**
   * Limits of the bytes that are collected at the same time.
   *
   * @param total for all callers
   * @param perCaller for one caller
   */
  record Limits(long total, long perCaller) {
    static final Limits DEFAULT = new Limits(32L << 20, 24L << 20);
  }

  private final Callers callers;
  private final Limits limits;
  private final AtomicLong total = new AtomicLong();

  /** An entry for each caller with bodies, which hold their budget. */
  private final Cache<String, AtomicLong> byCaller = Caffeine.newBuilder().weakValues().build();

  BodyCollector(Callers callers, Limits limits) {
    this.callers = callers;
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String caller = callers.name(request);
    if (!mayBeSmall(request.getHeaders()) || caller.equals(Callers.UNKNOWN)) {
      return super.handle(request, response, callback);
    }
    CollectedBody body = new CollectedBody(request, budget(caller));
    Request.addCompletionListener(request, failure -> body.discard());
    return !body.receive(() -> resume(body, response, callback))
        || handleCollected(body, response, callback);
  }

  private static boolean mayBeSmall(HttpFields headers) {
    // A client that asks whether to send its body gets the resource's answer.
    if (headers.contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString())) {
      return false;
    }
    long length = headers.getLongField(HttpHeader.CONTENT_LENGTH);
    return (length > 0 && length <= MAX_BYTES) || headers.contains(HttpHeader.TRANSFER_ENCODING);
  }

  /** Calls the next handler on another thread, because it may block on the rest of the body. */
  private void resume(CollectedBody body, Response response, Callback callback) {
    body.getContext()
        .execute(
            () ->
                Continuation.run(
                    body, response, callback, () -> handleCollected(body, response, callback)));
  }

  private boolean handleCollected(CollectedBody body, Response response, Callback callback)
      throws Exception {
    Throwable failure = body.failure();
    if (failure != null) {
      Response.writeError(body, response, callback, failure);
      return true;
    }
    return super.handle(body, response, callback);
  }

  private CollectedBody.Budget budget(String caller) {
    AtomicLong ofCaller = byCaller.get(caller, name -> new AtomicLong());
    return new CollectedBody.Budget() {
      @Override
      public boolean reserve(int bytes) {
        boolean all = total.addAndGet(bytes) <= limits.total();
        boolean own = ofCaller.addAndGet(bytes) <= limits.perCaller();
        if (all && own) {
          return true;
        }
        release(bytes);
        return false;
      }

      @Override
      public void release(int bytes) {
        total.addAndGet(-bytes);
        ofCaller.addAndGet(-bytes);
      }
    };
  }

  /** The size of all collected bodies, in bytes. */
  long collectedBytes() {
    return total.get();
  }
}

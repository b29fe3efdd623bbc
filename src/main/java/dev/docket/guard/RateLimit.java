package dev.docket.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Limits the requests of each caller with a token bucket; answers 429 beyond the limit. */
final class RateLimit extends Handler.Wrapper {

  private static final int MAX_CALLERS = 10_000;

  private final Function<Request, @Nullable String> caller;
  private final RequestRate rate;
  private final ProblemErrors errors;

  /** A bucket is full again, and need not be kept, when its caller has sent nothing for a while. */
  private final Cache<String, Bucket> buckets;

  /**
   * Creates the handler.
   *
   * @param caller the caller of a request; null exempts the request
   */
  RateLimit(Function<Request, @Nullable String> caller, RequestRate rate, ProblemErrors errors) {
    this.caller = caller;
    this.rate = rate;
    this.errors = errors;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterAccess(Duration.ofSeconds(1 + rate.burst() / rate.perSecond()))
            .build();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String name = caller.apply(request);
    if (name == null) {
      return super.handle(request, response, callback);
    }
    ConsumptionProbe probe = buckets.get(name, ignored -> bucket()).tryConsumeAndReturnRemaining(1);
    if (probe.isConsumed()) {
      return super.handle(request, response, callback);
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
    response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds);
    errors.write(
        request,
        response,
        callback,
        HttpStatus.TOO_MANY_REQUESTS_429,
        "this caller may send " + rate.perSecond() + " requests per second; try again later");
    return true;
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(
            limit ->
                limit.capacity(rate.burst()).refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
        .build();
  }
}

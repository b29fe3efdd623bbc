package dev.docket.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Limits the threads that each group of requests holds. A request holds a thread while it reads a
 * large body, or writes a list to a client that reads slowly; while it waits for the store or for
 * tasks it holds none. Requests beyond the limit wait without a thread for their turn, and those
 * beyond the limit of waiting requests are rejected with 429.
 */
final class ThreadShares extends Handler.Wrapper {

  /** Waiting requests of one group. */
  static final int MAX_WAITING = 2_000;

  private static final int RETRY_AFTER_SECONDS = 5;

  private final Function<Request, @Nullable String> group;
  private final ToIntFunction<String> limits;
  private final ProblemErrors errors;

  /** An entry for each group with requests, which hold their share. */
  private final Cache<String, Share> shares = Caffeine.newBuilder().weakValues().build();

  /**
   * Creates the handler.
   *
   * @param group the group of a request; null exempts the request
   * @param limits number of threads of a group
   */
  ThreadShares(
      Function<Request, @Nullable String> group,
      ToIntFunction<String> limits,
      ProblemErrors errors) {
    this.group = group;
    this.limits = limits;
    this.errors = errors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String name = group.apply(request);
    if (name == null) {
      return super.handle(request, response, callback);
    }
    Share share = shares.get(name, of -> new Share(limits.applyAsInt(of)));
    Turn turn = new Turn(share, request, response, callback);
    switch (share.enter(turn)) {
      case GRANTED -> {
        try {
          return super.handle(request, response, callback);
        } finally {
          share.leave();
        }
      }
      case WAITING -> {
        return true;
      }
      case REJECTED -> {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
        errors.write(
            request,
            response,
            callback,
            HttpStatus.TOO_MANY_REQUESTS_429,
            "too many requests of this caller wait for its slow requests (the limit is"
                + " "
                + MAX_WAITING
                + ")");
        return true;
      }
    }
    throw new AssertionError(name);
  }

  private enum Entry {
    GRANTED,
    WAITING,
    REJECTED
  }

  /** The threads and waiting requests of one group. */
  private static final class Share {
    private final int limit;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int threads;

    private Share(int limit) {
      this.limit = limit;
    }

    synchronized Entry enter(Turn turn) {
      if (threads < limit) {
        threads++;
        return Entry.GRANTED;
      }
      if (waiting.size() >= MAX_WAITING) {
        return Entry.REJECTED;
      }
      waiting.add(turn);
      return Entry.WAITING;
    }

    /** Passes the thread's place on to the request that has waited longest. */
    void leave() {
      Turn following;
      synchronized (this) {
        following = waiting.poll();
        if (following == null) {
          threads--;
          return;
        }
      }
      following.request.getContext().execute(following);
    }
  }

  /** A request that waits for its turn. */
  private final class Turn implements Runnable {
    private final Share share;
    private final Request request;
    private final Response response;
    private final Callback callback;

    private Turn(Share share, Request request, Response response, Callback callback) {
      this.share = share;
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    @Override
    public void run() {
      try {
        Continuation.run(
            request,
            response,
            callback,
            () -> ThreadShares.super.handle(request, response, callback));
      } finally {
        share.leave();
      }
    }
  }
}

package dev.docket.elastic.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is written searchable. A refresh is dear, so it is shared by all who ask: whoever
 * comes while one runs waits for the next, and a next one begins 200 ms after the last began.
 */
public final class Refresher {

  static final Duration MIN_INTERVAL = Duration.ofMillis(200);

  private final ElasticHttp http;
  private final Alias alias;
  private final Executor executor;
  private final Object lock = new Object();

  /** What will be searchable with the refresh that has not begun yet; null: nobody has asked. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<@Nullable Void> next;

  @GuardedBy("lock")
  private boolean running;

  @GuardedBy("lock")
  private long lastBegan = System.nanoTime() - MIN_INTERVAL.toNanos();

  public Refresher(ElasticHttp http, Alias alias, Executor executor) {
    this.http = http;
    this.alias = alias;
    this.executor = executor;
  }

  /**
   * Completes when everything that was written before this call can be found by searches; fails
   * with {@link StoreUnavailable}.
   */
  CompletionStage<@Nullable Void> refreshed() {
    synchronized (lock) {
      if (next != null) {
        return next;
      }
      next = new CompletableFuture<>();
      CompletableFuture<@Nullable Void> mine = next;
      if (!running) {
        begin();
      }
      return mine;
    }
  }

  /** Waits for {@link #refreshed}. */
  public void refresh() {
    try {
      refreshed().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw ElasticHttp.unavailable(e);
    }
  }

  @GuardedBy("lock")
  private void begin() {
    running = true;
    long pause = Math.max(0, lastBegan + MIN_INTERVAL.toNanos() - System.nanoTime());
    if (pause == 0) {
      executor.execute(this::go);
    } else {
      CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, executor).execute(this::go);
    }
  }

  private void go() {
    CompletableFuture<@Nullable Void> asked;
    synchronized (lock) {
      asked = next;
      next = null;
      lastBegan = System.nanoTime();
    }
    http.send(new Request("POST", "/" + alias + "/_refresh"))
        .whenCompleteAsync(
            (reply, failure) -> {
              synchronized (lock) {
                running = false;
                if (next != null) {
                  begin();
                }
              }
              if (asked != null) {
                answer(asked, reply, failure);
              }
            },
            executor);
  }

  private static void answer(
      CompletableFuture<@Nullable Void> asked,
      ElasticHttp.@Nullable Reply reply,
      @Nullable Throwable failure) {
    if (failure != null) {
      asked.completeExceptionally(ElasticHttp.unavailable(failure));
    } else if (reply == null || !reply.ok()) {
      asked.completeExceptionally(
          new StoreUnavailable("the store answered " + (reply == null ? "" : reply.status())));
    } else if (reply.json().path("_shards").path("failed").asInt() > 0) {
      asked.completeExceptionally(new StoreUnavailable("a part of the store cannot be searched"));
    } else {
      asked.complete(null);
    }
  }
}

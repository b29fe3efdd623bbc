package dev.docket.elastic.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.docket.concurrent.Stages;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes an index, so that searches find the latest writes. Because a refresh is expensive, all
 * callers share it: a caller that arrives during a refresh waits for the next one, and a refresh
 * starts no earlier than 200 ms after the start of the previous one.
 */
public final class Refresher {

  static final Duration MIN_INTERVAL = Duration.ofMillis(200);

  private final ElasticHttp http;
  private final Alias alias;
  private final Executor executor;
  private final Object lock = new Object();

  /** Completes with the next refresh, which has not started yet; null if none is requested. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<@Nullable Void> next;

  @GuardedBy("lock")
  private boolean running;

  @GuardedBy("lock")
  private long lastStart = System.nanoTime() - MIN_INTERVAL.toNanos();

  public Refresher(ElasticHttp http, Alias alias, Executor executor) {
    this.http = http;
    this.alias = alias;
    this.executor = executor;
  }

  /**
   * Completes when searches find everything that was written before this call; fails with {@link
   * StoreUnavailable}.
   */
  public CompletionStage<@Nullable Void> refreshed() {
    synchronized (lock) {
      if (next != null) {
        return next;
      }
      next = new CompletableFuture<>();
      CompletableFuture<@Nullable Void> requested = next;
      if (!running) {
        schedule();
      }
      return requested;
    }
  }

  /** Refreshes the index and waits for it; see {@link #refreshed}. */
  public void refresh() {
    refreshAll(List.of(this));
  }

  /** Refreshes several indices at the same time and waits for them; see {@link #refreshed}. */
  public static void refreshAll(List<Refresher> refreshers) {
    ElasticHttp.join(Stages.all(refreshers.stream().map(Refresher::refreshed).toList()));
  }

  @GuardedBy("lock")
  private void schedule() {
    running = true;
    long delay = Math.max(0, lastStart + MIN_INTERVAL.toNanos() - System.nanoTime());
    Executor timer =
        delay == 0
            ? Runnable::run
            : CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, Runnable::run);
    timer.execute(this::start);
  }

  private void start() {
    try {
      executor.execute(this::sendRefresh);
    } catch (RejectedExecutionException e) {
      close(e);
    }
  }

  /** Fails the requested refresh, because the executor was shut down. */
  private void close(Throwable shutdown) {
    CompletableFuture<@Nullable Void> requested;
    synchronized (lock) {
      requested = next;
      next = null;
      running = false;
    }
    fail(requested, shutdown);
  }

  private static void fail(
      @Nullable CompletableFuture<@Nullable Void> requested, Throwable shutdown) {
    if (requested != null) {
      requested.completeExceptionally(new StoreUnavailable("the store is closed", shutdown));
    }
  }

  private void sendRefresh() {
    CompletableFuture<@Nullable Void> requested;
    synchronized (lock) {
      requested = next;
      next = null;
      lastStart = System.nanoTime();
    }
    http.send(new Request("POST", "/" + alias + "/_refresh"))
        .handleAsync(
            (response, failure) -> {
              synchronized (lock) {
                running = false;
                if (next != null) {
                  schedule();
                }
              }
              if (requested != null) {
                complete(requested, response, failure);
              }
              return null;
            },
            executor)
        .exceptionally(
            shutdown -> {
              fail(requested, shutdown);
              close(shutdown);
              return null;
            });
  }

  private static void complete(
      CompletableFuture<@Nullable Void> requested,
      ElasticHttp.@Nullable RawResponse response,
      @Nullable Throwable failure) {
    if (failure != null) {
      requested.completeExceptionally(ElasticHttp.unavailable(failure));
    } else if (response == null || !response.ok()) {
      requested.completeExceptionally(
          new StoreUnavailable(
              response == null
                  ? "the store did not respond"
                  : "the store responded with " + response.status()));
    } else if (response.json().path("_shards").path("failed").asInt() > 0) {
      requested.completeExceptionally(
          new StoreUnavailable("a shard of the store cannot be searched"));
    } else {
      requested.complete(null);
    }
  }
}

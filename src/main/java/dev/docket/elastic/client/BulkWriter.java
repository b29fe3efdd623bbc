package dev.docket.elastic.client;

import dev.docket.concurrent.Backoff;
import dev.docket.concurrent.Stages;
import dev.docket.http.RateLimitedLogger;
import dev.docket.store.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: combines concurrent writes into one {@code _bulk} request and returns to each
 * caller the outcome of its own write. A stored record is in the translog.
 *
 * <p>The writer retries items that Elasticsearch was too busy for, with a backoff. They keep their
 * place among the pending writes meanwhile, so that later writes wait and are finally rejected:
 * memory stays bounded. A write without a response is {@link WriteOutcome.Unknown}. The writer
 * never retries it, because only the caller can recognize its own record. (With several nodes the
 * client itself retries on the next node; a write that succeeded on the first node then has the
 * outcome {@link WriteOutcome.Conflict}.)
 */
public final class BulkWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);

  /** Retries while Elasticsearch is busy. */
  static final int MAX_RETRIES = 6;

  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final RateLimitedLogger BLOCKED = new RateLimitedLogger(LOG, System::nanoTime);
  private static final RateLimitedLogger UNKNOWN = new RateLimitedLogger(LOG, System::nanoTime);
  private static final ContentType NDJSON = ContentType.create("application/x-ndjson");
  private static final Duration MAX_FLUSH_TIME = Duration.ofSeconds(30);

  private final ElasticHttp http;
  private final Executor executor;
  private final Duration initialBackoff;
  private final BulkListener listener;
  private final Batcher<Pending> batcher;
  private final LongAdder requests = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder retries = new LongAdder();

  private record Pending(BulkItem item, CompletableFuture<WriteOutcome> outcome) {}

  /**
   * @param initialBackoff delay before the first of at most six retries while Elasticsearch is
   *     busy; it doubles with each
   * @param executor reads responses and completes stages
   */
  public BulkWriter(
      ElasticHttp http,
      BatchLimits limits,
      Duration initialBackoff,
      Executor executor,
      BulkListener listener) {
    this.http = http;
    this.executor = executor;
    this.initialBackoff = initialBackoff;
    this.listener = guarded(listener);
    this.batcher = new Batcher<>(limits, pending -> pending.item().size(), batch -> send(batch, 0));
  }

  /**
   * Writes an item. The stage never fails. It completes on a thread of the executor, or immediately
   * if too many writes are pending.
   */
  public CompletionStage<WriteOutcome> write(BulkItem item) {
    Pending pending = new Pending(item, new CompletableFuture<>());
    return accepted(pending, batcher.offer(pending));
  }

  /**
   * Writes a new record. The last quarter of the capacity is reserved for {@link #write}, so that
   * under overload the server rejects new records before changes of existing ones.
   */
  public CompletionStage<WriteOutcome> writeNew(BulkItem item) {
    Pending pending = new Pending(item, new CompletableFuture<>());
    return accepted(pending, batcher.offerLowPriority(pending));
  }

  private static CompletionStage<WriteOutcome> accepted(Pending pending, boolean accepted) {
    return accepted
        ? pending.outcome()
        : CompletableFuture.completedStage(
            new WriteOutcome.Unknown("too many writes are waiting for the store; try again"));
  }

  public WriteStatistics statistics() {
    return new WriteStatistics(
        requests.sum(), records.sum(), retries.sum(), batcher.pendingItems());
  }

  /** Rejects further writes and waits until every pending write has its outcome. */
  @Override
  public void close() {
    batcher.close(MAX_FLUSH_TIME);
  }

  /** Sends a batch. The stage completes when every item has its outcome. */
  private CompletionStage<@Nullable Void> send(List<Pending> batch, int retried) {
    requests.increment();
    Request request = new Request("POST", "/_bulk");
    request.addParameter("require_alias", "true");
    request.addParameter("filter_path", BulkItemResponse.FILTER_PATH);
    byte[] lines = BulkItem.lines(batch.stream().map(Pending::item).toList());
    request.setEntity(new NByteArrayEntity(lines, NDJSON));
    long sentAt = System.nanoTime();
    return http.send(request)
        .handleAsync(
            (response, failure) -> {
              long took = System.nanoTime() - sentAt;
              List<BulkItemResponse> items =
                  response != null && response.status() == 200
                      ? BulkItemResponse.parse(response.body())
                      : List.of();
              listener.ended(
                  batch.size(), lines.length, took, outcome(batch.size(), response, items));
              return onResponse(batch, retried, response, items, failure);
            },
            executor)
        .thenCompose(done -> done)
        .exceptionally(
            bug -> {
              LOG.error(
                  "Processing a bulk response failed; the outcome of its writes is unknown", bug);
              unknown(batch, "the store's response cannot be read");
              return null;
            });
  }

  /** Catches the exceptions of the listener, so that they cannot lose a write. */
  private static BulkListener guarded(BulkListener listener) {
    AtomicBoolean logged = new AtomicBoolean();
    return (items, bytes, nanos, outcome) -> {
      try {
        listener.ended(items, bytes, nanos, outcome);
      } catch (RuntimeException failure) {
        if (logged.compareAndSet(false, true)) {
          LOG.error("A bulk listener failed; its further failures are not logged", failure);
        }
      }
    };
  }

  private static BulkListener.Outcome outcome(
      int count, ElasticHttp.@Nullable RawResponse response, List<BulkItemResponse> items) {
    return switch (response == null ? 0 : response.status()) {
      case 200 ->
          items.size() == count && items.stream().allMatch(BulkItemResponse::definite)
              ? BulkListener.Outcome.ANSWERED
              : BulkListener.Outcome.PARTLY;
      case 429 -> BulkListener.Outcome.BUSY;
      case 400, 413 -> BulkListener.Outcome.REFUSED;
      default -> BulkListener.Outcome.FAILED;
    };
  }

  private CompletionStage<@Nullable Void> onResponse(
      List<Pending> batch,
      int retried,
      ElasticHttp.@Nullable RawResponse response,
      List<BulkItemResponse> items,
      @Nullable Throwable failure) {
    if (response == null) {
      LOG.warn(
          "No response to a bulk request with {} writes; their outcome is unknown",
          batch.size(),
          failure);
      return unknown(
          batch,
          failure == null
              ? "the store did not respond"
              : ElasticHttp.noResponseReason(Stages.cause(failure)));
    }
    Optional<String> block = response.block();
    if (block.isPresent()) {
      BLOCKED.warn(block.orElseThrow());
      return unknown(batch, block.orElseThrow());
    }
    return switch (response.status()) {
      case 200 -> completeItems(batch, retried, items);
      case 429 -> retry(batch, retried, response.reason());
      case 400, 413 -> split(batch, response);
      default -> {
        LOG.warn(
            "Elasticsearch rejected a bulk request with {} writes, their outcome is unknown: {}",
            batch.size(),
            response.reason());
        yield unknown(batch, "the store responded with " + response.status());
      }
    };
  }

  private CompletionStage<@Nullable Void> completeItems(
      List<Pending> batch, int retried, List<BulkItemResponse> items) {
    if (items.size() != batch.size()) {
      LOG.warn(
          "A bulk response has {} items for {} writes; the outcome of the others is unknown",
          items.size(),
          batch.size());
    }
    List<Pending> busy = new ArrayList<>();
    String reason = "";
    String lastError = "";
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<WriteOutcome> future = batch.get(i).outcome();
      if (i >= items.size()) {
        future.complete(new WriteOutcome.Unknown("the store's response is incomplete"));
        continue;
      }
      BulkItemResponse item = items.get(i);
      if (item.busy()) {
        busy.add(batch.get(i));
        reason = item.reason();
        continue;
      }
      WriteOutcome outcome = item.outcome();
      if (outcome instanceof WriteOutcome.Stored) {
        records.increment();
      } else if (outcome instanceof WriteOutcome.Unknown) {
        lastError = item.status() + " " + item.errorType() + ": " + item.reason();
      }
      future.complete(outcome);
    }
    if (!lastError.isEmpty()) {
      UNKNOWN.warn("The outcome of some writes is unknown: " + lastError);
    }
    return busy.isEmpty() ? done() : retry(busy, retried, reason);
  }

  private CompletionStage<@Nullable Void> retry(List<Pending> batch, int retried, String reason) {
    if (retried >= MAX_RETRIES) {
      LOG.warn(
          "Elasticsearch is too busy for {} writes; giving up after {} tries: {}",
          batch.size(),
          retried + 1,
          reason);
      return unknown(batch, "the store is too busy; try again");
    }
    retries.increment();
    Duration delay = Backoff.delay(retried, initialBackoff, MAX_BACKOFF);
    return CompletableFuture.supplyAsync(
            () -> send(batch, retried + 1),
            CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, executor))
        .thenCompose(sent -> sent);
  }

  /**
   * Sends both halves of a rejected batch separately, until a malformed or oversized item is alone.
   */
  private CompletionStage<@Nullable Void> split(
      List<Pending> batch, ElasticHttp.RawResponse response) {
    if (batch.size() == 1) {
      BulkItemResponse item =
          new BulkItemResponse(
              "bulk", response.status(), -1, -1, response.errorType(), response.reason());
      batch.get(0).outcome().complete(item.outcome());
      return done();
    }
    LOG.warn(
        "Elasticsearch rejected a bulk request with {} writes; sending it in two parts: {}",
        batch.size(),
        response.reason());
    int half = batch.size() / 2;
    retries.increment();
    return send(batch.subList(0, half), 0)
        .thenCompose(ignored -> send(batch.subList(half, batch.size()), 0));
  }

  private static CompletionStage<@Nullable Void> unknown(List<Pending> batch, String reason) {
    batch.forEach(pending -> pending.outcome().complete(new WriteOutcome.Unknown(reason)));
    return done();
  }

  private static CompletionStage<@Nullable Void> done() {
    return CompletableFuture.completedStage(null);
  }
}

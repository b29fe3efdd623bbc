package dev.docket.elastic.client;

import dev.docket.store.WriteOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: what many write at once goes into one {@code _bulk}, and each gets the outcome of
 * his own. An answered write is in the translog.
 *
 * <p>What Elasticsearch is too busy for is tried again a few times, in the place that it holds, so
 * that those who come after it wait, and in the end are turned away: memory stays bounded. What got
 * no answer is {@link WriteOutcome.Unknown} and never tried again here, as only the caller can tell
 * whether a record that is there now is his. (With several nodes the client itself asks the next
 * one; then a write of one's own can come back as {@link WriteOutcome.Stale}.)
 */
public final class BulkWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);
  private static final ContentType NDJSON = ContentType.create("application/x-ndjson");
  private static final Duration MAX_FLUSH_TIME = Duration.ofSeconds(30);

  private final ElasticHttp http;
  private final Executor executor;
  private final RetryBackoff pause;
  private final BulkListener listener;
  private final Batcher<Pending> batcher;
  private final LongAdder requests = new LongAdder();
  private final LongAdder records = new LongAdder();
  private final LongAdder repeats = new LongAdder();

  private record Pending(BulkItem item, CompletableFuture<WriteOutcome> saved) {}

  /**
   * @param executor where answers are read and stages complete
   * @param pause between tries when Elasticsearch is busy
   */
  public BulkWriter(
      ElasticHttp http,
      BatchLimits limits,
      RetryBackoff pause,
      Executor executor,
      BulkListener listener) {
    this.http = http;
    this.executor = executor;
    this.pause = pause;
    this.listener = quiet(listener);
    this.batcher = new Batcher<>(limits, pending -> pending.item().size(), batch -> send(batch, 0));
  }

  /**
   * Writes. The stage never fails; it completes on a thread of the executor, or at once if full.
   */
  public CompletionStage<WriteOutcome> write(BulkItem item) {
    Pending pending = new Pending(item, new CompletableFuture<>());
    return taken(pending, batcher.offer(pending));
  }

  /** The same, of what is new: when room is scarce it is turned away before what is under way. */
  public CompletionStage<WriteOutcome> writeNew(BulkItem item) {
    Pending pending = new Pending(item, new CompletableFuture<>());
    return taken(pending, batcher.offerModestly(pending));
  }

  private static CompletionStage<WriteOutcome> taken(Pending pending, boolean taken) {
    return taken
        ? pending.saved()
        : CompletableFuture.completedStage(
            new WriteOutcome.Unknown("too much is waiting to be stored, try again"));
  }

  public WriteStatistics figures() {
    return new WriteStatistics(requests.sum(), records.sum(), repeats.sum(), batcher.held());
  }

  /** Waits until everything is answered; what comes later is turned away. */
  @Override
  public void close() {
    batcher.close(MAX_FLUSH_TIME);
  }

  /** The stage completes when every one of the batch has its outcome. */
  private CompletionStage<@Nullable Void> send(List<Pending> batch, int repeated) {
    requests.increment();
    Request request = new Request("POST", "/_bulk");
    request.addParameter("require_alias", "true");
    request.addParameter("filter_path", BulkItemResponse.FILTER_PATH);
    byte[] lines = lines(batch);
    request.setEntity(new NByteArrayEntity(lines, NDJSON));
    long sentAt = System.nanoTime();
    return http.send(request)
        .handleAsync(
            (reply, failure) -> {
              long took = System.nanoTime() - sentAt;
              List<BulkItemResponse> answers =
                  reply != null && reply.status() == 200
                      ? BulkItemResponse.ofAll(reply.body())
                      : List.of();
              listener.ended(
                  batch.size(), lines.length, took, outcome(batch.size(), reply, answers));
              return answered(batch, repeated, reply, answers, failure);
            },
            executor)
        .thenCompose(done -> done)
        .exceptionally(
            bug -> {
              LOG.error("A batch of writes has no outcome", bug);
              unknown(batch, "the store's answer could not be read");
              return null;
            });
  }

  /** A write must not be lost to somebody who only listens. */
  private static BulkListener quiet(BulkListener listener) {
    AtomicBoolean complained = new AtomicBoolean();
    return (items, bytes, nanos, outcome) -> {
      try {
        listener.ended(items, bytes, nanos, outcome);
      } catch (RuntimeException failure) {
        if (complained.compareAndSet(false, true)) {
          LOG.error("A listener failed; if it does so again that is not said", failure);
        }
      }
    };
  }

  private static byte[] lines(List<Pending> batch) {
    int size = batch.stream().mapToInt(pending -> pending.item().size()).sum();
    byte[] lines = new byte[size];
    int end = 0;
    for (Pending pending : batch) {
      end = line(pending.item().action(), lines, end);
      if (pending.item().source().length > 0) {
        end = line(pending.item().source(), lines, end);
      }
    }
    return lines;
  }

  private static int line(byte[] line, byte[] lines, int at) {
    System.arraycopy(line, 0, lines, at, line.length);
    lines[at + line.length] = '\n';
    return at + line.length + 1;
  }

  private static BulkListener.Outcome outcome(
      int items, ElasticHttp.@Nullable Reply reply, List<BulkItemResponse> answers) {
    return switch (reply == null ? 0 : reply.status()) {
      case 200 ->
          answers.size() == items && answers.stream().allMatch(BulkItemResponse::certain)
              ? BulkListener.Outcome.ANSWERED
              : BulkListener.Outcome.PARTLY;
      case 429 -> BulkListener.Outcome.BUSY;
      case 400, 413 -> BulkListener.Outcome.REFUSED;
      default -> BulkListener.Outcome.FAILED;
    };
  }

  private CompletionStage<@Nullable Void> answered(
      List<Pending> batch,
      int repeated,
      ElasticHttp.@Nullable Reply reply,
      List<BulkItemResponse> answers,
      @Nullable Throwable failure) {
    if (reply == null) {
      LOG.warn("No answer to a request with {} writes", batch.size(), failure);
      return unknown(batch, failure == null ? "no answer" : ElasticHttp.noAnswer(unwrap(failure)));
    }
    return switch (reply.status()) {
      case 200 -> each(batch, repeated, answers);
      case 429 -> repeat(batch, repeated, reply.reason());
      case 400, 413 -> refused(batch, reply);
      default -> {
        LOG.warn("Refused a request with {} writes: {}", batch.size(), reply.reason());
        yield unknown(batch, "the store answered " + reply.status());
      }
    };
  }

  private CompletionStage<@Nullable Void> each(
      List<Pending> batch, int repeated, List<BulkItemResponse> answers) {
    if (answers.size() != batch.size()) {
      LOG.warn("{} answers to a request with {} writes", answers.size(), batch.size());
    }
    List<Pending> busy = new ArrayList<>();
    String reason = "";
    String healthError = "";
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<WriteOutcome> saved = batch.get(i).saved();
      if (i >= answers.size()) {
        saved.complete(new WriteOutcome.Unknown("the store's answer is not whole"));
        continue;
      }
      BulkItemResponse answer = answers.get(i);
      if (answer.busy()) {
        busy.add(batch.get(i));
        reason = answer.reason();
        continue;
      }
      WriteOutcome outcome = answer.saved();
      if (outcome instanceof WriteOutcome.Stored) {
        records.increment();
      } else if (outcome instanceof WriteOutcome.Unknown) {
        healthError = answer.status() + " " + answer.errorType() + ": " + answer.reason();
      }
      saved.complete(outcome);
    }
    if (!healthError.isEmpty()) {
      LOG.error("Writes have no known outcome: {}", healthError);
    }
    return busy.isEmpty() ? done() : repeat(busy, repeated, reason);
  }

  private CompletionStage<@Nullable Void> repeat(List<Pending> batch, int repeated, String reason) {
    if (!pause.allows(repeated)) {
      LOG.warn("Too busy for {} writes after {} tries: {}", batch.size(), repeated + 1, reason);
      return unknown(batch, "the store is too busy, try again");
    }
    repeats.increment();
    return pause.then(repeated, executor, () -> send(batch, repeated + 1));
  }

  /**
   * One malformed or oversized item has cost all the others their place: halve until it is alone.
   */
  private CompletionStage<@Nullable Void> refused(List<Pending> batch, ElasticHttp.Reply reply) {
    if (batch.size() == 1) {
      BulkItemResponse answer =
          new BulkItemResponse(reply.status(), -1, -1, reply.errorType(), reply.reason());
      batch.get(0).saved().complete(answer.saved());
      return done();
    }
    LOG.warn("Refused whole, {} writes are sent in parts: {}", batch.size(), reply.reason());
    int half = batch.size() / 2;
    repeats.increment();
    return send(batch.subList(0, half), 0)
        .thenCompose(nothing -> send(batch.subList(half, batch.size()), 0));
  }

  private static CompletionStage<@Nullable Void> unknown(List<Pending> batch, String why) {
    batch.forEach(pending -> pending.saved().complete(new WriteOutcome.Unknown(why)));
    return done();
  }

  private static CompletionStage<@Nullable Void> done() {
    return CompletableFuture.completedStage(null);
  }

  private static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}

package dev.docket.elastic.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.BatchLimits;
import dev.docket.elastic.client.Batcher;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.elasticsearch.client.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records by id, always the latest write: what many look for at once goes into one {@code
 * _mget}. A record that cannot be read fails the one who looks for it.
 */
public final class BatchReader<T> {

  private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);
  private static final int MAX_IDS = 1_000;

  private final ElasticHttp http;
  private final Alias alias;
  private final RecordCodec<T> form;
  private final Executor executor;
  private final Batcher<Pending<T>> batcher;

  private record Pending<T>(String id, CompletableFuture<Optional<Versioned<T>>> found) {}

  public BatchReader(
      ElasticHttp http, Alias alias, RecordCodec<T> form, BatchLimits limits, Executor executor) {
    this.http = http;
    this.alias = alias;
    this.form = form;
    this.executor = executor;
    this.batcher = new Batcher<>(limits, pending -> pending.id().length() + 3, this::send);
  }

  /** The record; fails with {@link StoreUnavailable}. Completes on a thread of the executor. */
  CompletionStage<Optional<Versioned<T>>> find(String id) {
    Pending<T> pending = new Pending<>(id, new CompletableFuture<>());
    if (!batcher.offer(pending)) {
      return CompletableFuture.failedStage(
          new StoreUnavailable("too many are reading at once, try again"));
    }
    return pending.found();
  }

  /** Those that are there, each under its id. */
  <I> CompletionStage<Map<I, Versioned<T>>> find(
      Collection<I> ids, Function<I, String> text, Function<T, I> idOf) {
    if (ids.size() > MAX_IDS) {
      throw new IllegalArgumentException("ids: at most " + MAX_IDS + ", were " + ids.size());
    }
    List<CompletableFuture<Optional<Versioned<T>>>> all =
        ids.stream().distinct().map(id -> find(text.apply(id)).toCompletableFuture()).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(
            nothing ->
                all.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .collect(
                        Collectors.toMap(found -> idOf.apply(found.value()), Function.identity())));
  }

  private CompletionStage<@Nullable Void> send(List<Pending<T>> batch) {
    // Ids are of a small alphabet: nothing in them needs escaping.
    String ids = batch.stream().map(Pending::id).collect(Collectors.joining("\",\""));
    Request request = new Request("POST", "/" + alias + "/_mget");
    request.setEntity(
        ElasticHttp.json(("{\"ids\":[\"" + ids + "\"]}").getBytes(StandardCharsets.US_ASCII)));
    request.setOptions(ElasticClients.DEFAULT_OPTIONS);
    return http.send(request)
        .handleAsync((reply, failure) -> answered(batch, reply, failure), executor)
        .thenCompose(done -> done)
        .exceptionally(
            shutDown -> {
              fail(batch, new StoreUnavailable("the store is closed", shutDown));
              return null;
            });
  }

  private CompletionStage<@Nullable Void> answered(
      List<Pending<T>> batch, ElasticHttp.@Nullable Reply reply, @Nullable Throwable failure) {
    if (reply != null && reply.ok()) {
      each(batch, reply.body());
    } else if (reply != null) {
      LOG.warn("Refused to read {} records: {}", batch.size(), reply.reason());
      fail(batch, new StoreUnavailable("the store answered " + reply.status()));
    } else if (ElasticHttp.isTooLarge(failure) && batch.size() > 1) {
      int half = batch.size() / 2;
      return send(batch.subList(0, half))
          .thenCompose(nothing -> send(batch.subList(half, batch.size())));
    } else {
      fail(
          batch,
          failure == null ? new StoreUnavailable("no answer") : ElasticHttp.unavailable(failure));
    }
    return CompletableFuture.completedStage(null);
  }

  /** Those that have no answer yet. */
  private static <T> void fail(List<Pending<T>> batch, StoreUnavailable healthError) {
    batch.forEach(pending -> pending.found().completeExceptionally(healthError));
  }

  /** The answer's {@code docs} stand in the order of the ids. */
  private void each(List<Pending<T>> batch, byte[] body) {
    int answered = 0;
    try (JsonParser json = RecordJson.mapper().createParser(body)) {
      while (json.nextToken() != null && json.currentToken() != JsonToken.START_ARRAY) {
        // on to the docs
      }
      while (answered < batch.size() && json.nextToken() == JsonToken.START_OBJECT) {
        one(batch.get(answered), json, body);
        answered++;
      }
    } catch (IOException e) {
      LOG.warn("The answer to a request for {} records cannot be read", batch.size(), e);
    }
    if (answered < batch.size()) {
      fail(
          batch.subList(answered, batch.size()),
          new StoreUnavailable("the store's answer is not whole"));
    }
  }

  private void one(Pending<T> pending, JsonParser json, byte[] body) throws IOException {
    boolean found = false;
    long sequence = -1;
    long term = -1;
    int from = -1;
    int to = -1;
    String error = null;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "found" -> found = json.getBooleanValue();
        case "_seq_no" -> sequence = json.getLongValue();
        case "_primary_term" -> term = json.getLongValue();
        case "_source" -> {
          // Read from its bytes afterwards, so that one unreadable record harms no other.
          from = Math.toIntExact(json.currentTokenLocation().getByteOffset());
          json.skipChildren();
          to = Math.toIntExact(json.currentLocation().getByteOffset());
        }
        case "error" -> error = json.readValueAsTree().toString();
        default -> json.skipChildren();
      }
    }
    if (error != null) {
      LOG.warn("{} {} cannot be read now: {}", alias, pending.id(), error);
      pending.found().completeExceptionally(new StoreUnavailable("it cannot be read now"));
    } else if (!found) {
      pending.found().complete(Optional.empty());
    } else {
      try {
        T value = form.read(body, from, to - from);
        pending.found().complete(Optional.of(new Versioned<>(value, new Version(sequence, term))));
      } catch (RecordCodec.Unreadable e) {
        pending.found().completeExceptionally(e);
      }
    }
  }
}

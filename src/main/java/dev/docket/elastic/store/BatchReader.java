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
 * Reads records by id, always with their latest write. Concurrent reads share one {@code _mget}
 * request. A record that cannot be read fails only the reads of its id.
 */
public final class BatchReader<T> {

  private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);
  private static final int MAX_IDS = 1_000;

  private final ElasticHttp http;
  private final Alias alias;
  private final RecordCodec<T> codec;
  private final Executor executor;
  private final List<String> omittedFields;
  private final Batcher<Pending<T>> batcher;

  private record Pending<T>(String id, CompletableFuture<Optional<Versioned<T>>> result) {}

  /**
   * @param omittedFields names of fields that are not read, and that the records may lack
   */
  public BatchReader(
      ElasticHttp http,
      Alias alias,
      RecordCodec<T> codec,
      BatchLimits limits,
      Executor executor,
      List<String> omittedFields) {
    this.omittedFields = List.copyOf(omittedFields);
    this.http = http;
    this.alias = alias;
    this.codec = codec;
    this.executor = executor;
    this.batcher = new Batcher<>(limits, pending -> pending.id().length() + 3, this::send);
  }

  /**
   * Reads a record. The stage completes on a thread of the executor; it fails with {@link
   * StoreUnavailable}.
   */
  CompletionStage<Optional<Versioned<T>>> find(String id) {
    Pending<T> pending = new Pending<>(id, new CompletableFuture<>());
    if (!batcher.offer(pending)) {
      return CompletableFuture.failedStage(
          new StoreUnavailable("too many reads are waiting for the store; try again"));
    }
    return pending.result();
  }

  /** Reads the records that exist, by their ids. */
  <I> CompletionStage<Map<I, Versioned<T>>> find(
      Collection<I> ids, Function<I, String> toText, Function<T, I> idOf) {
    if (ids.size() > MAX_IDS) {
      throw new IllegalArgumentException(
          "ids: must be at most " + MAX_IDS + " (were " + ids.size() + ")");
    }
    List<CompletableFuture<Optional<Versioned<T>>>> reads =
        ids.stream().distinct().map(id -> find(toText.apply(id)).toCompletableFuture()).toList();
    return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
        .thenApply(
            ignored ->
                reads.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .collect(
                        Collectors.toMap(found -> idOf.apply(found.value()), Function.identity())));
  }

  private CompletionStage<@Nullable Void> send(List<Pending<T>> batch) {
    // Ids contain no character that JSON escapes.
    String ids = batch.stream().map(Pending::id).collect(Collectors.joining("\",\""));
    Request request = new Request("POST", "/" + alias + "/_mget");
    if (!omittedFields.isEmpty()) {
      request.addParameter("_source_excludes", String.join(",", omittedFields));
    }
    request.setEntity(
        ElasticHttp.json(("{\"ids\":[\"" + ids + "\"]}").getBytes(StandardCharsets.US_ASCII)));
    request.setOptions(ElasticClients.DEFAULT_OPTIONS);
    return http.send(request)
        .handleAsync((response, failure) -> onResponse(batch, response, failure), executor)
        .thenCompose(done -> done)
        .exceptionally(
            shutdown -> {
              fail(batch, new StoreUnavailable("the store is closed", shutdown));
              return null;
            });
  }

  private CompletionStage<@Nullable Void> onResponse(
      List<Pending<T>> batch,
      ElasticHttp.@Nullable RawResponse response,
      @Nullable Throwable failure) {
    if (response != null && response.ok()) {
      completeAll(batch, response.body());
    } else if (response != null) {
      LOG.warn(
          "Elasticsearch rejected a request for {} records: {}", batch.size(), response.reason());
      fail(batch, new StoreUnavailable("the store responded with " + response.status()));
    } else if (ElasticHttp.isTooLarge(failure) && batch.size() > 1) {
      int half = batch.size() / 2;
      return send(batch.subList(0, half))
          .thenCompose(ignored -> send(batch.subList(half, batch.size())));
    } else {
      fail(
          batch,
          failure == null
              ? new StoreUnavailable("the store did not respond")
              : ElasticHttp.unavailable(failure));
    }
    return CompletableFuture.completedStage(null);
  }

  /** Fails the reads of the batch that are not completed yet. */
  private static <T> void fail(List<Pending<T>> batch, StoreUnavailable error) {
    batch.forEach(pending -> pending.result().completeExceptionally(error));
  }

  /** Completes the reads of a batch. The {@code docs} of the response have the order of the ids. */
  private void completeAll(List<Pending<T>> batch, byte[] body) {
    int completed = 0;
    try (JsonParser json = RecordJson.mapper().createParser(body)) {
      while (json.nextToken() != null && json.currentToken() != JsonToken.START_ARRAY) {
        // skip to the docs
      }
      while (completed < batch.size() && json.nextToken() == JsonToken.START_OBJECT) {
        complete(batch.get(completed), json, body);
        completed++;
      }
    } catch (IOException e) {
      LOG.warn("The response to a request for {} records cannot be parsed", batch.size(), e);
    }
    if (completed < batch.size()) {
      fail(
          batch.subList(completed, batch.size()),
          new StoreUnavailable("the store's response is incomplete"));
    }
  }

  private void complete(Pending<T> pending, JsonParser json, byte[] body) throws IOException {
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
          // The record is parsed from its bytes later, so that an unreadable one fails no other.
          from = Math.toIntExact(json.currentTokenLocation().getByteOffset());
          json.skipChildren();
          to = Math.toIntExact(json.currentLocation().getByteOffset());
        }
        case "error" -> error = json.readValueAsTree().toString();
        default -> json.skipChildren();
      }
    }
    if (error != null) {
      LOG.warn("Elasticsearch could not read record {} of {}: {}", pending.id(), alias, error);
      pending
          .result()
          .completeExceptionally(new StoreUnavailable("the record cannot be read now; try again"));
    } else if (!found) {
      pending.result().complete(Optional.empty());
    } else {
      try {
        T value = codec.read(body, from, to - from);
        pending.result().complete(Optional.of(new Versioned<>(value, new Version(sequence, term))));
      } catch (RecordCodec.Unreadable e) {
        pending.result().completeExceptionally(e);
      }
    }
  }
}

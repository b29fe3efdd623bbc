package dev.docket.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Stores and reads payloads that are kept outside their results. Memory holds one part at most. */
public final class Payloads {

  private final PayloadStore store;
  private final ObjectMapper mapper;
  private final Clock clock;
  private final long maxBytes;

  /**
   * @param maxBytes the maximum size of a payload as JSON in UTF-8
   */
  public Payloads(PayloadStore store, ObjectMapper mapper, Clock clock, long maxBytes) {
    this.store = store;
    this.mapper = mapper;
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  /** The maximum size of a payload as JSON in UTF-8. */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * Stores a payload that is in memory. Fails with {@link StoreUnavailable}, or with {@link
   * UnstorableResult} if the store rejects it.
   */
  public CompletionStage<Void> store(ResultId id, PayloadPart.Owner owner, byte[] json) {
    CompletionStage<Void> stored = CompletableFuture.completedStage(null);
    for (int from = 0, number = 0; from < json.length; from += PayloadPart.BYTES, number++) {
      int to = Math.min(json.length, from + PayloadPart.BYTES);
      PayloadPart part =
          new PayloadPart(
              id,
              number,
              owner,
              Arrays.copyOfRange(json, from, to),
              to == json.length ? (long) json.length : null,
              clock.instant());
      stored = stored.thenCompose(before -> put(part));
    }
    return stored;
  }

  private CompletionStage<Void> put(PayloadPart part) {
    return store.put(part).thenAccept(Payloads::requireStored);
  }

  static void requireStored(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Unknown unknown) {
      throw new StoreUnavailable(unknown.reason());
    }
    if (outcome instanceof WriteOutcome.Rejected rejected) {
      throw new UnstorableResult(rejected.reason());
    }
  }

  /**
   * Receives a payload or its remainder, and stores it part by part. Blocks. If this fails, the
   * parts that were received completely are kept, unless the payload is not valid JSON.
   *
   * @param offset the number of bytes that are kept already: at most {@link #resumableAt}
   * @return the size of the whole payload
   * @throws WrongOffset if another number of bytes is kept
   * @throws InvalidPayload if the payload is not one JSON value in UTF-8
   * @throws dev.docket.http.PayloadTooLarge if it exceeds the limit
   * @throws StoreUnavailable if the store is unreachable
   * @throws UncheckedIOException if the sender goes away
   */
  public long receive(ResultId id, PayloadPart.Owner owner, long offset, InputStream remainder) {
    if (offset > 0) {
      long kept = resumableAt(id);
      if (offset > kept || offset % PayloadPart.BYTES != 0) {
        throw new WrongOffset(kept);
      }
    } else if (owner.submission() != null && join(store.find(id, 0)).isPresent()) {
      // Parts of an earlier upload, which may be longer, must not complete this one. A payload that
      // is saved again is the same, and must not disappear meanwhile.
      join(remove(id, maxBytes));
    }
    PayloadReceiver receiver =
        new PayloadReceiver(id, owner, offset, maxBytes, part -> join(put(part)), clock);
    try {
      return receiver.receive(open(id, offset), remainder);
    } catch (InvalidPayload e) {
      join(remove(id, maxBytes));
      throw e;
    }
  }

  /**
   * The offset from which the remainder of a payload must be received: the size of the full parts
   * that are kept, from the beginning and without the last part of a complete payload. Blocks.
   */
  public long resumableAt(ResultId id) {
    int full = 0;
    while (full < PayloadPart.count(maxBytes) && hasRemainder(join(store.find(id, full)))) {
      full++;
    }
    return (long) full * PayloadPart.BYTES;
  }

  private static boolean hasRemainder(Optional<PayloadPart> part) {
    return part.filter(kept -> kept.total() == null).isPresent();
  }

  /** Whether a payload of this size is stored completely. */
  public CompletionStage<Boolean> isComplete(ResultId id, long bytes) {
    if (bytes < 1 || bytes > maxBytes) {
      return CompletableFuture.completedStage(false);
    }
    return store
        .find(id, PayloadPart.count(bytes) - 1)
        .thenApply(
            last -> last.map(PayloadPart::total).filter(total -> total == bytes).isPresent());
  }

  /** Opens the first bytes of a payload for reading. Reading blocks. */
  public InputStream open(ResultId id, long bytes) {
    return new PartsInputStream(bytes, number -> join(store.find(id, number)));
  }

  /** Writes a payload. Blocks. */
  public void write(ResultId id, long bytes, OutputStream out) throws IOException {
    try (InputStream payload = open(id, bytes)) {
      payload.transferTo(out);
    }
  }

  /**
   * Reads a payload of one part. Empty if its result was deleted, or if the payload cannot be read
   * as a tree, because it is nested too deeply or contains duplicate names.
   */
  public CompletionStage<Optional<JsonNode>> readSmall(ResultId id) {
    return store.find(id, 0).thenApply(part -> part.map(PayloadPart::bytes).flatMap(this::parse));
  }

  /** The payload that searches find a result by, if the result does not contain it. */
  CompletionStage<Optional<JsonNode>> searched(Result result) {
    Long bytes = result.payloadBytes();
    return bytes == null || bytes > PayloadPart.BYTES
        ? CompletableFuture.completedStage(Optional.empty())
        : readSmall(result.id());
  }

  private Optional<JsonNode> parse(byte[] json) {
    try {
      // From a text, because Jackson 2.21.0 cannot read names with escaped surrogates from bytes.
      return Optional.of(mapper.readTree(new String(json, StandardCharsets.UTF_8)));
    } catch (JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  /** Removes a payload of at most this size. Fails with {@link StoreUnavailable}. */
  public CompletionStage<Void> remove(ResultId id, long bytes) {
    CompletableFuture<?>[] removals = new CompletableFuture<?>[PayloadPart.count(bytes)];
    for (int number = 0; number < removals.length; number++) {
      removals[number] =
          store.remove(id, number).thenAccept(Payloads::requireStored).toCompletableFuture();
    }
    return CompletableFuture.allOf(removals);
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}

package dev.docket.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.concurrent.Stages;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Unstorable;
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
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
   * Unstorable} if the store rejects it.
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
    outcome.requireKnown();
    if (outcome instanceof WriteOutcome.Rejected rejected) {
      throw new Unstorable("result", rejected.reason());
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
    }
    ReceivedParts parts = new ReceivedParts();
    PayloadReceiver receiver = new PayloadReceiver(id, owner, offset, maxBytes, parts, clock);
    try {
      return receiver.receive(open(id, offset), remainder);
    } catch (ResultNotFound removed) {
      // Another upload has replaced the parts that this one continues.
      throw new WrongOffset(resumableAt(id));
    } catch (InvalidPayload e) {
      if (offset > 0 || parts.changed) {
        Stages.join(removeFrom(id, 0, maxBytes));
      }
      throw e;
    }
  }

  /**
   * Stores the parts of an upload in their order. Parts that are kept already are left alone: a
   * late repetition, which may end anywhere, must not damage a payload whose run has ended. At the
   * first difference, the rest of the earlier upload is removed, which could otherwise complete
   * this one.
   */
  private final class ReceivedParts implements Consumer<PayloadPart> {
    private boolean changed;

    @Override
    public void accept(PayloadPart part) {
      if (!changed) {
        Optional<PayloadPart> kept = Stages.join(store.find(part.result(), part.number()));
        if (kept.filter(part::hasSameContent).isPresent()) {
          return;
        }
        if (kept.isPresent()) {
          Stages.join(removeFrom(part.result(), part.number(), maxBytes));
        }
        changed = true;
      }
      Stages.join(put(part));
    }
  }

  /**
   * The offset from which the remainder of a payload must be received: the size of the full parts
   * that are kept, from the beginning and without the last part of a complete payload. Blocks.
   */
  public long resumableAt(ResultId id) {
    int full = 0;
    while (full < PayloadPart.count(maxBytes) && hasRemainder(Stages.join(store.find(id, full)))) {
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
    return new PartsInputStream(id, bytes, number -> Stages.join(store.find(id, number)));
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
    return removeFrom(id, 0, bytes);
  }

  private CompletionStage<Void> removeFrom(ResultId id, int first, long bytes) {
    return Stages.all(
        IntStream.range(first, PayloadPart.count(bytes))
            .mapToObj(number -> store.remove(id, number).thenAccept(Payloads::requireStored))
            .toList());
  }
}

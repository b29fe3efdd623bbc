package dev.docket.result;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.docket.http.PayloadTooLarge;
import dev.docket.task.ResultId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives one payload: checks that it is one JSON value in UTF-8 while it arrives, and hands it on
 * in parts.
 */
final class PayloadReceiver {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // A table of all names would take several times the memory of the payload.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final ResultId id;
  private final PayloadPart.Owner owner;
  private final long maxBytes;
  private final Consumer<PayloadPart> parts;
  private final Clock clock;
  private final byte[] buffer = new byte[PayloadPart.BYTES];
  private long received;
  private int number;
  private int filled;

  /**
   * @param offset the number of bytes that were received earlier, a multiple of the size of a part
   * @param parts stores a part; blocks
   */
  PayloadReceiver(
      ResultId id,
      PayloadPart.Owner owner,
      long offset,
      long maxBytes,
      Consumer<PayloadPart> parts,
      Clock clock) {
    this.id = id;
    this.owner = owner;
    this.received = offset;
    this.number = PayloadPart.count(offset);
    this.maxBytes = maxBytes;
    this.parts = parts;
    this.clock = clock;
  }

  /**
   * Receives the payload. Returns its size.
   *
   * @param earlier the bytes that were received earlier
   */
  long receive(InputStream earlier, InputStream remainder) {
    InputStream all = new SequenceInputStream(earlier, new Copying(remainder));
    try (Reader text = new InputStreamReader(all, StandardCharsets.UTF_8.newDecoder());
        JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == null) {
        throw new InvalidPayload("must be a JSON value (was empty)");
      }
      json.skipChildren();
      if (json.nextToken() != null) {
        throw new InvalidPayload("must be a single JSON value");
      }
    } catch (JsonProcessingException e) {
      throw new InvalidPayload("must be valid JSON: " + InvalidPayload.reason(e));
    } catch (CharacterCodingException e) {
      throw new InvalidPayload("must be valid UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (filled == 0) {
      throw new InvalidPayload("must continue after the offset (the remainder was empty)");
    }
    flush(received);
    return received;
  }

  private void accept(byte[] bytes, int from, int length) {
    int position = from;
    int remaining = length;
    if (received + length > maxBytes) {
      throw new PayloadTooLarge("the payload must be at most " + maxBytes + " bytes");
    }
    received += length;
    while (remaining > 0) {
      if (filled == buffer.length) {
        flush(null);
      }
      int count = Math.min(remaining, buffer.length - filled);
      System.arraycopy(bytes, position, buffer, filled, count);
      filled += count;
      position += count;
      remaining -= count;
    }
  }

  private void flush(@Nullable Long total) {
    parts.accept(
        new PayloadPart(
            id, number++, owner, Arrays.copyOf(buffer, filled), total, clock.instant()));
    filled = 0;
  }

  /** Copies what is read into the parts. */
  private final class Copying extends FilterInputStream {

    Copying(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      if (count > 0) {
        accept(into, offset, count);
      }
      return count;
    }
  }
}

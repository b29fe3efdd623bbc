package dev.docket.result;

import static dev.docket.result.ResultScenario.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.docket.document.DocumentSamples;
import dev.docket.http.PayloadTooLarge;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads in parts, as they are uploaded, resumed, read and removed. */
final class PayloadsTest {

  private static final int PART = PayloadPart.BYTES;
  private static final int MAX = 4 * PART;
  private static final ResultId ID = new ResultId("r");
  private static final PayloadPart.Owner OWNER =
      new PayloadPart.Owner(new TaskId("t"), 1, "run", "c1");

  private final MemoryPayloadStore store = new MemoryPayloadStore();
  private final Payloads payloads =
      new Payloads(
          store, new ObjectMapper(), Clock.fixed(DocumentSamples.CREATED, ZoneOffset.UTC), MAX);

  /** JSON of exactly this size, which differs from part to part. */
  private static byte[] json(int bytes) {
    byte[] json = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      json[i] = (byte) ('a' + i / 1000 % 26);
    }
    json[0] = '"';
    json[bytes - 1] = '"';
    return json;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long receive(byte[] json) {
    return receive(0, json);
  }

  private long receive(long offset, byte[] remainder) {
    return payloads.receive(ID, OWNER, offset, new ByteArrayInputStream(remainder));
  }

  private byte[] read(long bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      payloads.write(ID, bytes, out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private List<PayloadPart> parts() {
    return store.all().stream().sorted(Comparator.comparing(PayloadPart::number)).toList();
  }

  private boolean isComplete(long bytes) {
    return join(payloads.isComplete(ID, bytes));
  }

  /** Delivers these bytes one read at a time, and then breaks. */
  private static InputStream breakingAfter(byte[] bytes) {
    return new InputStream() {
      private final InputStream received = new ByteArrayInputStream(bytes);

      @Override
      public int read() throws IOException {
        int next = received.read();
        if (next < 0) {
          throw new IOException("connection reset");
        }
        return next;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        into[offset] = (byte) read();
        return 1;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        2,
        3,
        PART - 1,
        PART,
        PART + 1,
        2 * PART - 1,
        2 * PART,
        2 * PART + 1,
        3 * PART,
        MAX - 1,
        MAX
      })
  void storesAndReadsPayloadOfAnySize(int bytes) {
    byte[] json = json(bytes);

    assertThat(receive(json)).isEqualTo(bytes);

    assertThat(parts()).hasSize((bytes + PART - 1) / PART);
    assertThat(parts())
        .allSatisfy(
            part -> {
              boolean last = part.number() == parts().size() - 1;
              assertThat(part.bytes().length).isEqualTo(last ? bytes - part.number() * PART : PART);
              assertThat(part.total()).isEqualTo(last ? (Long) (long) bytes : null);
              assertThat(part.owner()).isEqualTo(OWNER);
            });
    assertThat(isComplete(bytes)).isTrue();
    assertThat(isComplete(bytes - 1)).isFalse();
    assertThat(isComplete(bytes + 1)).isFalse();
    assertThat(read(bytes)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, PART - 1, PART, PART + 1, 2 * PART, MAX})
  void storesPayloadInMemoryAsReceivedOne(int bytes) {
    byte[] json = json(bytes);

    join(payloads.store(ID, OWNER, json));

    assertThat(isComplete(bytes)).isTrue();
    assertThat(read(bytes)).isEqualTo(json);
    join(payloads.remove(ID, bytes));
    assertThat(store.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "{",
        "[1",
        "[1,]",
        "{\"a\":1",
        "{\"a\" 1}",
        "\"open",
        "nul",
        "tru",
        "1 2",
        "[] []",
        "{}x",
        "]",
        "'a'",
        "{a:1}",
        "NaN",
        "01",
        "\u0001",
        "\"\u0001\"",
        "[1]//"
      })
  void rejectsWhatIsNotOneJsonValue(String text) {
    assertThatThrownBy(() -> receive(utf8(text)))
        .as(text)
        .isInstanceOf(InvalidPayload.class)
        .hasMessageStartingWith("the payload must be ");
    assertThat(store.all()).isEmpty();
  }

  @Test
  void saysWhyPayloadIsRejected() {
    assertThatThrownBy(() -> receive(utf8("")))
        .hasMessage("the payload must be a JSON value (was empty)");
    assertThatThrownBy(() -> receive(utf8("[1] 2")))
        .hasMessage("the payload must be a single JSON value");
    assertThatThrownBy(() -> receive(utf8("[1, x]")))
        .hasMessageStartingWith("the payload must be valid JSON: ")
        .hasMessageContaining("at character 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "-1.5e300",
        "true",
        "\"\"",
        " [ ] ",
        "{}\n",
        "\"\u4e2d\uD83D\uDCFC\""
      })
  void acceptsAnyJsonValue(String text) {
    assertThat(receive(utf8(text))).isEqualTo(utf8(text).length);
    assertThat(new String(read(utf8(text).length), StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Test
  void rejectsWhatIsNotUtf8() {
    for (byte[] bytes :
        new byte[][] {
          {'"', (byte) 0xFF, '"'},
          {'"', (byte) 0xC3, '"'},
          {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
          {'"', (byte) 0xC0, (byte) 0x80, '"'},
          {'"', 'a', '"', (byte) 0xC3},
          "[1]".getBytes(StandardCharsets.UTF_16LE),
        }) {
      assertThatThrownBy(() -> receive(bytes))
          .as(Arrays.toString(bytes))
          .isInstanceOf(InvalidPayload.class);
      assertThat(store.all()).isEmpty();
    }
    assertThatThrownBy(() -> receive(new byte[] {'"', (byte) 0xFF, '"'}))
        .hasMessage("the payload must be valid UTF-8");
  }

  /** The characters before the border are two bytes long, and the border is in the last one. */
  @Test
  void acceptsCharacterAcrossBorderOfParts() {
    byte[] json = utf8("\"" + "\u00e9".repeat(PART / 2) + "\"");

    receive(json);

    assertThat(parts()).hasSize(2);
    assertThat(read(json.length)).isEqualTo(json);
  }

  /** The parts that were stored before the error was found would be of no use. */
  @Test
  void removesPartsOfInvalidPayload() {
    byte[] json = json(2 * PART + 10);
    json[json.length - 1] = ' ';

    assertThatThrownBy(() -> receive(json)).isInstanceOf(InvalidPayload.class);

    assertThat(store.all()).isEmpty();
    assertThat(payloads.resumableAt(ID)).isZero();
  }

  @Test
  void rejectsPayloadOverLimit() {
    assertThatThrownBy(() -> receive(json(MAX + 1)))
        .isInstanceOf(PayloadTooLarge.class)
        .hasMessage("the payload must be at most " + MAX + " bytes");
    assertThat(isComplete(MAX + 1)).isFalse();
    assertThat(store.all()).allSatisfy(part -> assertThat(part.total()).isNull());
  }

  @Test
  void rejectsRemainderOverLimit() {
    byte[] json = json(MAX + 1);
    breakOff(json, PART);

    assertThatThrownBy(() -> receive(PART, Arrays.copyOfRange(json, PART, json.length)))
        .isInstanceOf(PayloadTooLarge.class);
  }

  /** Sends the first bytes of the payload, before the connection breaks. */
  private void breakOff(byte[] json, int bytes) {
    assertThatThrownBy(
            () -> payloads.receive(ID, OWNER, 0, breakingAfter(Arrays.copyOf(json, bytes + 1))))
        .isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void resumesAtBorderOfParts(int border) {
    byte[] json = json(3 * PART + 500);
    int offset = border * PART;
    breakOff(json, offset + 100);
    assertThat(payloads.resumableAt(ID)).isEqualTo(offset);
    assertThat(isComplete(json.length)).isFalse();

    long bytes = receive(offset, Arrays.copyOfRange(json, offset, json.length));

    assertThat(bytes).isEqualTo(json.length);
    assertThat(isComplete(json.length)).isTrue();
    assertThat(read(json.length)).isEqualTo(json);
  }

  @Test
  void resumesEachTimeTheConnectionBreaks() {
    byte[] json = json(3 * PART);
    for (int offset = 0; offset < 2 * PART; offset += PART) {
      byte[] sent = Arrays.copyOfRange(json, offset, offset + PART + 10);
      int from = offset;
      assertThatThrownBy(() -> payloads.receive(ID, OWNER, from, breakingAfter(sent)))
          .isInstanceOf(UncheckedIOException.class);
    }

    receive(2 * PART, Arrays.copyOfRange(json, 2 * PART, json.length));

    assertThat(read(json.length)).isEqualTo(json);
  }

  /** The response was lost, so the worker asks where to continue. */
  @ParameterizedTest
  @ValueSource(ints = {PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1})
  void resumesCompletePayloadAtItsLastPart(int bytes) {
    byte[] json = json(bytes);
    receive(json);
    int offset = (bytes - 1) / PART * PART;
    assertThat(payloads.resumableAt(ID)).isEqualTo(offset);

    assertThat(receive(offset, Arrays.copyOfRange(json, offset, bytes))).isEqualTo(bytes);

    assertThat(isComplete(bytes)).isTrue();
    assertThat(read(bytes)).isEqualTo(json);
    assertThat(store.all()).hasSize((bytes + PART - 1) / PART);
  }

  @Test
  void rejectsEmptyRemainder() {
    byte[] json = utf8("1" + " ".repeat(PART));
    breakOff(json, PART);

    assertThatThrownBy(() -> receive(PART, new byte[0]))
        .isInstanceOf(InvalidPayload.class)
        .hasMessageContaining("remainder was empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, PART, PART + 7})
  void startsAgainFromBeginning(int bytes) {
    breakOff(json(3 * PART), 2 * PART + 1);

    receive(0, json(bytes));

    assertThat(isComplete(bytes)).isTrue();
    assertThat(read(bytes)).isEqualTo(json(bytes));
    assertThat(store.all()).hasSize((bytes + PART - 1) / PART);
  }

  @Test
  void lateRepetitionThatBreaksOffLeavesPayloadWhole() {
    receive(json(3 * PART));

    breakOff(json(3 * PART), PART + 1);

    assertThat(isComplete(3 * PART)).isTrue();
    assertThat(read(3 * PART)).isEqualTo(json(3 * PART));
  }

  @Test
  void otherPayloadIsNotCompleteBeforeItsEnd() {
    receive(json(3 * PART));
    byte[] other = json(3 * PART);
    other[PART + 1] = 'y';

    breakOff(other, 2 * PART + 1);

    assertThat(isComplete(3 * PART)).isFalse();
    assertThat(payloads.resumableAt(ID)).isEqualTo(2 * PART);
  }

  @Test
  void keepsNothingOfFirstPartBeforeItIsFull() {
    breakOff(json(2 * PART), PART - 2);

    assertThat(payloads.resumableAt(ID)).isZero();
    assertThat(store.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, PART - 1, PART + 1, 2 * PART, 1L << 40})
  void rejectsOffsetThatIsNotKept(long offset) {
    breakOff(json(3 * PART), PART + 1);

    assertThatThrownBy(() -> receive(offset, utf8("x")))
        .isInstanceOfSatisfying(WrongOffset.class, e -> assertThat(e.expected()).isEqualTo(PART))
        .hasMessageContaining("must be continued at offset " + PART);
    assertThat(payloads.resumableAt(ID)).isEqualTo(PART);
  }

  /** What was received earlier is checked again together with the remainder. */
  @Test
  void rejectsRemainderThatDoesNotContinueTheValue() {
    breakOff(json(2 * PART), PART + 1);

    assertThatThrownBy(() -> receive(PART, utf8("no closing quote")))
        .isInstanceOf(InvalidPayload.class);

    assertThat(store.all()).isEmpty();
  }

  @Test
  void readsSmallPayloadAsValue() {
    receive(utf8(" 1 "));

    assertThat(join(payloads.readSmall(ID))).contains(IntNode.valueOf(1));
    assertThat(join(payloads.readSmall(new ResultId("other")))).isEmpty();
  }

  @Test
  void failsToReadPayloadThatIsBeingDeleted() {
    receive(json(PART + 1));
    join(store.remove(ID, 1));

    assertThatThrownBy(() -> read(PART + 1))
        .isInstanceOf(ResultNotFound.class)
        .hasMessageContaining(ID.value());
  }

  @Test
  void acceptsDeeplyNestedValueUpToLimit() {
    receive(utf8("[".repeat(1_000) + "]".repeat(1_000)));

    assertThatThrownBy(() -> receive(utf8("[".repeat(1_001) + "]".repeat(1_001))))
        .isInstanceOf(InvalidPayload.class)
        .hasMessageContaining("1000");
  }
}

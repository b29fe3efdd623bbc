package dev.docket.http.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.InvalidRequest;
import dev.docket.server.HttpJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NdjsonBatchTest {

  private final ObjectMapper mapper = HttpJson.mapper();
  private final NdjsonBatch batch = new NdjsonBatch(mapper);

  /** The view of an item. */
  private record Echo(Object echo) {}

  /** Returns the item as its own view. */
  private List<CompletableFuture<?>> echo(BatchItem item) {
    return List.of(CompletableFuture.completedFuture(new Echo(item.tree(mapper))));
  }

  private List<JsonNode> run(InputStream in, BatchOperation operation) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    batch.run(in, out, operation);
    List<JsonNode> outcomes = new ArrayList<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      outcomes.add(mapper.readTree(line));
    }
    return outcomes;
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void writesOneLinePerInputLineAndSkipsBlankLines() throws Exception {
    List<JsonNode> outcomes = run(text("\"опись\"\n\n \t\r\n{\"a\":1}\r\n[2]"), this::echo);

    assertThat(outcomes)
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"index\":0,\"status\":201,\"echo\":\"опись\"}",
            "{\"index\":1,\"status\":201,\"echo\":{\"a\":1}}",
            "{\"index\":2,\"status\":201,\"echo\":[2]}");
  }

  @Test
  void readsLinesOfAnyLengthFromReadsOfAnySize() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int length = 1; length < 200_000; length = length * 3 / 2 + 1) {
      text.append('"').append("x".repeat(length)).append("\"\n");
    }
    List<JsonNode> expected = run(text(text.toString()), this::echo);
    List<JsonNode> split = run(new SmallReads(text(text.toString())), this::echo);

    assertThat(split).isEqualTo(expected);
    assertThat(expected)
        .allSatisfy(
            outcome ->
                assertThat(outcome.path("echo").asText())
                    .containsOnlyOnce("x".repeat(outcome.path("echo").asText().length())));
  }

  @Test
  void rejectsTooLongLineAndReadsNext() throws Exception {
    String maxLine = "\"" + "x".repeat(NdjsonBatch.MAX_LINE_BYTES - 2) + "\"";
    List<JsonNode> outcomes =
        run(text(maxLine + "\n" + maxLine + "x\n7\n" + maxLine + "xx"), this::echo);

    assertThat(outcomes)
        .extracting(outcome -> outcome.path("status").asInt())
        .containsExactly(201, 413, 201, 413);
  }

  @Test
  void reportsProblemOfEachItem() throws Exception {
    List<JsonNode> outcomes =
        run(
            text("1\n2\n"),
            item -> {
              if (item.index() == 0) {
                throw InvalidRequest.field("/a", "must be present");
              }
              return List.of(
                  CompletableFuture.failedFuture(InvalidRequest.field("/b", "must be present")),
                  CompletableFuture.completedFuture(new Echo(1)));
            });

    assertThat(outcomes)
        .extracting(outcome -> outcome.path("index").asInt())
        .containsExactly(0, 1, 1);
    assertThat(outcomes.get(0).at("/errors/0/pointer").asText()).isEqualTo("/a");
    assertThat(outcomes.get(1).path("status").asInt()).isEqualTo(400);
    assertThat(outcomes.get(2).path("echo").asInt()).isEqualTo(1);
  }

  @Test
  void flushesOutcomesWhileInputPauses() throws Exception {
    ByteArrayOutputStream out = new FlushedOutput();
    CompletableFuture<Void> running;
    PipedInputStream in = new PipedInputStream();
    try (PipedOutputStream client = new PipedOutputStream(in)) {
      CompletableFuture<Object> stored = new CompletableFuture<>();
      running =
          CompletableFuture.runAsync(
              () -> {
                try {
                  batch.run(
                      in,
                      out,
                      item ->
                          List.of(
                              item.index() == 1
                                  ? stored
                                  : CompletableFuture.completedFuture(new Echo(1))));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      client.write("1\n2\n".getBytes(UTF_8));
      client.flush();
      await().untilAsserted(() -> assertThat(out.toString(UTF_8).lines()).hasSize(1));
      stored.complete(new Echo(2));
      await().untilAsserted(() -> assertThat(out.toString(UTF_8)).endsWith("\"echo\":2}\n"));
      await().untilAsserted(() -> assertThat(out.toString(UTF_8).lines()).hasSize(2));
    }
    running.join();
  }

  @Test
  void limitsNumberOfPendingItems() throws Exception {
    ConcurrentLinkedQueue<CompletableFuture<Object>> started = new ConcurrentLinkedQueue<>();
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<List<JsonNode>> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(
                    text("1\n".repeat(2_000)),
                    item -> {
                      CompletableFuture<Object> outcome = new CompletableFuture<>();
                      started.add(outcome);
                      count.incrementAndGet();
                      return List.of(outcome);
                    });
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    int maxPending = 0;
    while (!running.isDone()) {
      maxPending = Math.max(maxPending, started.size());
      CompletableFuture<Object> oldest = started.peek();
      if (oldest != null) {
        started.remove();
        oldest.complete(new Echo(2));
      }
    }
    assertThat(running.join()).hasSize(2_000);
    assertThat(maxPending).isLessThanOrEqualTo(500);
  }

  @Test
  void unexpectedErrorEndsBatch() {
    assertThatThrownBy(
            () ->
                run(
                    text("1\n"),
                    item -> List.of(CompletableFuture.failedFuture(new IllegalStateException()))))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  /** Returns a few bytes at a time, and never reports available bytes. */
  private static final class SmallReads extends java.io.FilterInputStream {
    private int size;

    private SmallReads(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      size = size % 4_099 + 1;
      return super.read(into, offset, Math.min(length, size));
    }
  }

  /** Contains only bytes that were flushed. */
  private static final class FlushedOutput extends ByteArrayOutputStream {
    private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      unflushed.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() {
      byte[] all = unflushed.toByteArray();
      unflushed.reset();
      super.write(all, 0, all.length);
    }
  }
}

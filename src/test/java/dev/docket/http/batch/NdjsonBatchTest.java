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
  private final NdjsonBatch lines = new NdjsonBatch(mapper);

  /** What is shown of an item. */
  private record Echo(Object echo) {}

  /** Shows the item again. */
  private List<CompletableFuture<?>> echo(BatchItem item) {
    return List.of(CompletableFuture.completedFuture(new Echo(item.tree(mapper))));
  }

  private List<JsonNode> run(InputStream in, BatchOperation act) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    lines.run(in, out, act);
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      answers.add(mapper.readTree(line));
    }
    return answers;
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void aLineGoesOutForEachThatComesInAndBlankOnesHaveNoIndex() throws Exception {
    List<JsonNode> answers = run(text("\"опись\"\n\n \t\r\n{\"a\":1}\r\n[2]"), this::echo);

    assertThat(answers)
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"index\":0,\"status\":201,\"echo\":\"опись\"}",
            "{\"index\":1,\"status\":201,\"echo\":{\"a\":1}}",
            "{\"index\":2,\"status\":201,\"echo\":[2]}");
  }

  @Test
  void linesOfEveryLengthArriveWholeHoweverTheyAreCut() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int length = 1; length < 200_000; length = length * 3 / 2 + 1) {
      text.append('"').append("x".repeat(length)).append("\"\n");
    }
    List<JsonNode> whole = run(text(text.toString()), this::echo);
    List<JsonNode> cut = run(new Crumbs(text(text.toString())), this::echo);

    assertThat(cut).isEqualTo(whole);
    assertThat(whole)
        .allSatisfy(
            answer ->
                assertThat(answer.path("echo").asText())
                    .containsOnlyOnce("x".repeat(answer.path("echo").asText().length())));
  }

  @Test
  void aLineThatIsTooLongIsRefusedAndTheNextIsRead() throws Exception {
    String longest = "\"" + "x".repeat(NdjsonBatch.MAX_LINE_BYTES - 2) + "\"";
    List<JsonNode> answers =
        run(text(longest + "\n" + longest + "x\n7\n" + longest + "xx"), this::echo);

    assertThat(answers)
        .extracting(answer -> answer.path("status").asInt())
        .containsExactly(201, 413, 201, 413);
  }

  @Test
  void aRefusalIsTheProblemThatItWouldBeAlone() throws Exception {
    List<JsonNode> answers =
        run(
            text("1\n2\n"),
            item -> {
              if (item.index() == 0) {
                throw InvalidRequest.field("/a", "must be there");
              }
              return List.of(
                  CompletableFuture.failedFuture(InvalidRequest.field("/b", "must be there")),
                  CompletableFuture.completedFuture(new Echo(1)));
            });

    assertThat(answers).extracting(answer -> answer.path("index").asInt()).containsExactly(0, 1, 1);
    assertThat(answers.get(0).at("/errors/0/pointer").asText()).isEqualTo("/a");
    assertThat(answers.get(1).path("status").asInt()).isEqualTo(400);
    assertThat(answers.get(2).path("echo").asInt()).isEqualTo(1);
  }

  @Test
  void whoWaitsForAnAnswerBeforeTheNextLineGetsIt() throws Exception {
    ByteArrayOutputStream out = new Unflushed();
    CompletableFuture<Void> running;
    PipedInputStream in = new PipedInputStream();
    try (PipedOutputStream client = new PipedOutputStream(in)) {
      CompletableFuture<Object> stored = new CompletableFuture<>();
      running =
          CompletableFuture.runAsync(
              () -> {
                try {
                  lines.run(
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
  void noMoreIsBegunThanMayBeInFlight() throws Exception {
    ConcurrentLinkedQueue<CompletableFuture<Object>> begun = new ConcurrentLinkedQueue<>();
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<List<JsonNode>> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(
                    text("1\n".repeat(2_000)),
                    item -> {
                      CompletableFuture<Object> outcome = new CompletableFuture<>();
                      begun.add(outcome);
                      count.incrementAndGet();
                      return List.of(outcome);
                    });
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    int most = 0;
    while (!running.isDone()) {
      most = Math.max(most, begun.size());
      CompletableFuture<Object> oldest = begun.peek();
      if (oldest != null) {
        begun.remove();
        oldest.complete(new Echo(2));
      }
    }
    assertThat(running.join()).hasSize(2_000);
    assertThat(most).isLessThanOrEqualTo(500);
  }

  @Test
  void aBugEndsTheBatch() {
    assertThatThrownBy(
            () ->
                run(
                    text("1\n"),
                    item -> List.of(CompletableFuture.failedFuture(new IllegalStateException()))))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  /** Gives a few bytes at a time, and never says that there are any. */
  private static final class Crumbs extends java.io.FilterInputStream {
    private int size;

    private Crumbs(InputStream in) {
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

  /** Shows only what was flushed. */
  private static final class Unflushed extends ByteArrayOutputStream {
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      held.write(bytes, offset, length);
    }

    @Override
    public synchronized void flush() {
      byte[] all = held.toByteArray();
      held.reset();
      super.write(all, 0, all.length);
    }
  }
}

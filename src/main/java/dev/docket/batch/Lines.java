package dev.docket.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.errors.Invalid;
import dev.docket.errors.Problem;
import dev.docket.errors.ProblemBody;
import dev.docket.errors.TooLarge;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch as lines of JSON ({@code application/x-ndjson}), of any length: a line goes out for each
 * line that comes in, in the same order, while reading goes on. Memory holds {@value #IN_FLIGHT}
 * items, however long the batch is.
 */
public final class Lines {

  /** The media type. */
  public static final String NDJSON = "application/x-ndjson";

  /** The longest line, in bytes. */
  static final int LONGEST = 1024 * 1024;

  private static final int IN_FLIGHT = 500;

  private final ObjectMapper mapper;

  public Lines(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Reads to the end of the input. Blank lines are passed over and have no index.
   *
   * @param act what is done with a line; its outcomes (one, or several for a task of many
   *     documents) may fail with a {@link Problem}
   * @throws IOException when the caller is gone; what was read by then is done
   */
  public void run(
      InputStream in, OutputStream out, Function<byte[], List<? extends CompletionStage<?>>> act)
      throws IOException {
    ArrayDeque<CompletableFuture<ObjectNode>> waiting = new ArrayDeque<>();
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    int index = 0;
    Line line = next(buffered);
    while (line != null) {
      if (!line.blank()) {
        int number = index++;
        for (CompletionStage<?> outcome : outcomes(line, act)) {
          waiting.add(outcome.handle((v, f) -> answer(number, v, f)).toCompletableFuture());
        }
      }
      while (waiting.size() >= IN_FLIGHT || (!waiting.isEmpty() && waiting.element().isDone())) {
        write(out, waiting.remove().join());
      }
      line = next(buffered);
    }
    while (!waiting.isEmpty()) {
      write(out, waiting.remove().join());
    }
  }

  private static List<? extends CompletionStage<?>> outcomes(
      Line line, Function<byte[], List<? extends CompletionStage<?>>> act) {
    if (line.tooLong()) {
      return List.of(
          CompletableFuture.failedStage(
              new TooLarge("the line is longer than " + LONGEST + " bytes")));
    }
    try {
      return act.apply(line.text().toByteArray());
    } catch (Invalid invalid) {
      return List.of(CompletableFuture.failedStage(invalid));
    }
  }

  private ObjectNode answer(int index, @Nullable Object made, @Nullable Throwable failure) {
    ObjectNode line = mapper.createObjectNode().put("index", index);
    if (failure == null) {
      line.put("status", 201);
      line.setAll((ObjectNode) mapper.<JsonNode>valueToTree(made));
      return line;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    ProblemBody problem = BatchAnswer.problem(cause);
    line.setAll((ObjectNode) mapper.<JsonNode>valueToTree(problem));
    return line;
  }

  private void write(OutputStream out, ObjectNode line) throws IOException {
    out.write(mapper.writeValueAsBytes(line));
    out.write('\n');
  }

  /** A line of input, without its end; of one that is too long only that it is. */
  private record Line(ByteArrayOutputStream text, boolean tooLong) {
    boolean blank() {
      if (tooLong) {
        return false;
      }
      for (byte b : text.toByteArray()) {
        if (b != ' ' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return true;
    }
  }

  private static @Nullable Line next(BufferedInputStream in) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
    boolean tooLong = false;
    int b = in.read();
    if (b < 0) {
      return null;
    }
    while (b >= 0 && b != '\n') {
      if (text.size() < LONGEST) {
        text.write(b);
      } else {
        tooLong = true;
      }
      b = in.read();
    }
    return new Line(text, tooLong);
  }
}

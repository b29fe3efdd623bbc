package dev.docket.elastic.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.docket.document.Document;
import dev.docket.maintenance.Leader;
import dev.docket.result.Result;
import dev.docket.task.Task;
import dev.docket.workerapi.KnownWorker;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Function;

/** How things of a kind are written as records and read again. */
public final class RecordCodec<T> {

  public static final RecordCodec<Document> DOCUMENT =
      of(DocumentRecord.class, DocumentRecord::of, DocumentRecord::document);
  public static final RecordCodec<Task> TASK =
      of(TaskRecord.class, TaskRecord::of, TaskRecord::task);
  public static final RecordCodec<Result> RESULT =
      of(ResultRecord.class, ResultRecord::of, ResultRecord::result);
  public static final RecordCodec<Leader> LEADER =
      of(Leader.class, leader -> leader, leader -> leader);
  public static final RecordCodec<KnownWorker> WORKER =
      of(WorkerRecord.class, WorkerRecord::of, WorkerRecord::worker);

  private static final int TYPICAL_SIZE = 2048;

  private final ObjectWriter writer;
  private final Function<T, Object> flatten;
  private final Reading<T> reading;

  /** One that is no readable record. */
  public static final class Unreadable extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public Unreadable(Throwable cause) {
      super("a record cannot be read: " + cause.getMessage(), cause);
    }
  }

  /** One that cannot be written as JSON. */
  public static final class Unwritable extends Exception {
    @Serial private static final long serialVersionUID = 1;

    public Unwritable(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private interface Reading<T> {
    T read(JsonParser json) throws IOException;
  }

  private RecordCodec(ObjectWriter writer, Function<T, Object> flatten, Reading<T> reading) {
    this.writer = writer;
    this.flatten = flatten;
    this.reading = reading;
  }

  private static <T, R> RecordCodec<T> of(
      Class<R> type, Function<T, R> flatten, Function<R, T> restore) {
    ObjectReader reader = RecordJson.mapper().readerFor(type);
    return new RecordCodec<>(
        RecordJson.mapper().writerFor(type),
        flatten::apply,
        json -> restore.apply(reader.<R>readValue(json)));
  }

  /** As it lies in the store: one line of JSON. */
  public byte[] write(T value) throws Unwritable {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(TYPICAL_SIZE)) {
      try (JsonGenerator json = new ValidNames(writer.createGenerator(bytes))) {
        writer.writeValue(json, flatten.apply(value));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new Unwritable(e);
    }
  }

  /**
   * From the bytes of a record.
   *
   * @throws Unreadable which is an error, and not an absence
   */
  public T read(byte[] json, int from, int length) {
    try (JsonParser parser = RecordJson.mapper().createParser(json, from, length)) {
      return reading.read(parser);
    } catch (IOException | RuntimeException e) {
      throw new Unreadable(e);
    }
  }

  /**
   * From a record that was parsed already.
   *
   * @throws Unreadable which is an error, and not an absence
   */
  public T read(JsonNode json) {
    try (JsonParser parser = RecordJson.mapper().treeAsTokens(json)) {
      return reading.read(parser);
    } catch (IOException | RuntimeException e) {
      throw new Unreadable(e);
    }
  }
}

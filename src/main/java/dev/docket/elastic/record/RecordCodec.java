package dev.docket.elastic.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.docket.admission.Slot;
import dev.docket.audit.AuditRecord;
import dev.docket.auth.key.ManagedKey;
import dev.docket.counts.DepartureStore;
import dev.docket.document.Document;
import dev.docket.joblog.LogChunk;
import dev.docket.limit.LimitSetting;
import dev.docket.maintenance.Leader;
import dev.docket.result.PayloadPart;
import dev.docket.result.Result;
import dev.docket.service.StoredService;
import dev.docket.task.Task;
import dev.docket.workers.KnownWorker;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Function;

/** Serializes values of a kind as records, and reads them. */
public final class RecordCodec<T> {

  public static final RecordCodec<Document> DOCUMENT =
      of(DocumentRecord.class, DocumentRecord::of, DocumentRecord::document);
  public static final RecordCodec<Task> TASK =
      of(TaskRecord.class, TaskRecord::of, TaskRecord::task);
  public static final RecordCodec<Result> RESULT =
      of(
          ResultRecord.class,
          result -> ResultRecord.of(result, result.payload()),
          ResultRecord::result);
  public static final RecordCodec<SearchedResult> SEARCHED_RESULT =
      of(
          ResultRecord.class,
          SearchedResult::asRecord,
          record -> new SearchedResult(record.result(), null));
  public static final RecordCodec<PayloadPart> PAYLOAD =
      of(PayloadRecord.class, PayloadRecord::of, PayloadRecord::payloadPart);
  public static final RecordCodec<LogChunk> LOG =
      of(LogRecord.class, LogRecord::of, LogRecord::logChunk);
  public static final RecordCodec<Leader> LEADER =
      of(LeaderRecord.class, LeaderRecord::of, LeaderRecord::leader);
  public static final RecordCodec<DepartureStore.Minute> DEPARTURES =
      of(DepartureStore.Minute.class, Function.identity(), Function.identity());
  public static final RecordCodec<KnownWorker> WORKER =
      of(KnownWorker.class, Function.identity(), Function.identity());
  public static final RecordCodec<AuditRecord> AUDIT =
      of(AuditRecord.class, Function.identity(), Function.identity());
  public static final RecordCodec<ManagedKey> KEY =
      of(ManagedKey.class, Function.identity(), Function.identity());

  public static final RecordCodec<Slot> SLOT =
      of(Slot.class, Function.identity(), Function.identity());
  public static final RecordCodec<LimitSetting> LIMIT =
      of(LimitSetting.class, Function.identity(), Function.identity());
  public static final RecordCodec<StoredService> SERVICE =
      of(StoredService.class, Function.identity(), Function.identity());

  private static final int INITIAL_BUFFER_BYTES = 2048;

  private final ObjectWriter writer;
  private final Function<T, Object> toRecord;
  private final JsonReader<T> reader;

  /** The JSON is not a valid record of its kind. */
  public static final class Unreadable extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    public Unreadable(Throwable cause) {
      super("the record cannot be read: " + cause.getMessage(), cause);
    }
  }

  /** The value cannot be written as JSON. */
  public static final class Unwritable extends Exception {
    @Serial private static final long serialVersionUID = 1;

    public Unwritable(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private interface JsonReader<T> {
    T read(JsonParser json) throws IOException;
  }

  private RecordCodec(ObjectWriter writer, Function<T, Object> toRecord, JsonReader<T> reader) {
    this.writer = writer;
    this.toRecord = toRecord;
    this.reader = reader;
  }

  private static <T, R> RecordCodec<T> of(
      Class<R> type, Function<T, R> toRecord, Function<R, T> toValue) {
    ObjectReader reader = RecordJson.mapper().readerFor(type);
    return new RecordCodec<>(
        RecordJson.mapper().writerFor(type),
        toRecord::apply,
        json -> toValue.apply(reader.<R>readValue(json)));
  }

  /** Serializes a value as a record: one line of JSON. */
  public byte[] write(T value) throws Unwritable {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(INITIAL_BUFFER_BYTES)) {
      try (JsonGenerator json = new ValidNames(writer.createGenerator(bytes))) {
        writer.writeValue(json, toRecord.apply(value));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new Unwritable(e);
    }
  }

  /**
   * Reads a value from the bytes of a record.
   *
   * @throws Unreadable if the bytes are not a valid record
   */
  public T read(byte[] json, int from, int length) {
    try (JsonParser parser = RecordJson.mapper().createParser(json, from, length)) {
      return reader.read(parser);
    } catch (IOException | RuntimeException e) {
      throw new Unreadable(e);
    }
  }

  /**
   * Reads a value from a parsed record.
   *
   * @throws Unreadable if the JSON is not a valid record
   */
  public T read(JsonNode json) {
    try (JsonParser parser = RecordJson.mapper().treeAsTokens(json)) {
      return reader.read(parser);
    } catch (IOException | RuntimeException e) {
      throw new Unreadable(e);
    }
  }
}

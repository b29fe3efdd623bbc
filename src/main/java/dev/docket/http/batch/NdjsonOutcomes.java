package dev.docket.http.batch;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.io.OutputStream;

/** Writes outcomes as lines of JSON, each with the index of its item and a status. */
final class NdjsonOutcomes implements PendingOutcomes.OutcomeWriter, AutoCloseable {

  private static final int CREATED_STATUS = 201;

  private final OutputStream out;
  private final JsonGenerator json;
  private final SequenceWriter lines;
  private boolean unflushed;

  NdjsonOutcomes(ObjectMapper mapper, OutputStream out) throws IOException {
    this.out = out;
    this.json = StreamedArray.generator(mapper, out);
    json.setRootValueSeparator(new SerializedString(""));
    this.lines = StreamedArray.values(mapper, json);
  }

  private record Created(int index, int status, @JsonUnwrapped Object view) {}

  @Override
  public void created(int index, Object view) throws IOException {
    write(new Created(index, CREATED_STATUS, view));
  }

  @Override
  public void failed(int index, ProblemBody problem) throws IOException {
    write(new BatchResponse.Failed(index, problem));
  }

  private void write(Object line) throws IOException {
    lines.write(line);
    json.writeRaw('\n');
    unflushed = true;
  }

  /** Sends the outcomes that were written. */
  void flush() throws IOException {
    if (unflushed) {
      json.flush();
      out.flush();
      unflushed = false;
    }
  }

  /** Leaves the stream open. */
  @Override
  public void close() throws IOException {
    json.close();
  }
}

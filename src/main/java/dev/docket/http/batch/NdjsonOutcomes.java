package dev.docket.http.batch;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.io.OutputStream;

/** Outcomes as lines of JSON, each with the index of its item and a status. */
final class NdjsonOutcomes implements PendingOutcomes.Answers, AutoCloseable {

  private static final int CREATED_STATUS = 201;

  private final OutputStream out;
  private final JsonGenerator json;
  private final SequenceWriter lines;
  private boolean unsent;

  NdjsonOutcomes(ObjectMapper mapper, OutputStream out) throws IOException {
    this.out = out;
    this.json = StreamedArray.unending(mapper, out);
    json.setRootValueSeparator(new SerializedString(""));
    this.lines = StreamedArray.values(mapper, json);
  }

  private record Made(int index, int status, @JsonUnwrapped Object view) {}

  @Override
  public void made(int index, Object made) throws IOException {
    write(new Made(index, CREATED_STATUS, made));
  }

  @Override
  public void failed(int index, ProblemBody problem) throws IOException {
    write(new BatchResponse.Failed(index, problem));
  }

  private void write(Object line) throws IOException {
    lines.write(line);
    json.writeRaw('\n');
    unsent = true;
  }

  /** What is written goes out now. */
  void flush() throws IOException {
    if (unsent) {
      json.flush();
      out.flush();
      unsent = false;
    }
  }

  /** Leaves the stream open. */
  @Override
  public void close() throws IOException {
    json.close();
  }
}

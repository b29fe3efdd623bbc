package dev.docket.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.ProblemBody;
import dev.docket.http.batch.StreamedArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Writes each hit as a line of JSON, directly to the stream. After an error between two hits, the
 * last line is {@code {"error":{…}}}.
 */
final class NdjsonRows implements Rows {

  private final ObjectMapper mapper;
  private final OutputStream out;
  private final OutputStream line;

  NdjsonRows(ObjectMapper mapper, OutputStream out) {
    this.mapper = mapper;
    this.out = out;
    this.line = new SingleLine(out);
  }

  @Override
  public void write(List<?> views) throws IOException {
    for (Object view : views) {
      writeLine(view);
    }
    out.flush();
  }

  @Override
  public boolean writeError(ProblemBody problem) throws IOException {
    writeLine(Map.of("error", problem));
    return true;
  }

  private void writeLine(Object value) throws IOException {
    StreamedArray.writeValue(mapper, line, value);
    out.write('\n');
  }
}

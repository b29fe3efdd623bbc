package dev.docket.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A worker's log of its requests and the responses, as JSON lines. Each line is flushed before the
 * worker continues, so a worker that is killed loses at most the line that it is writing.
 * Thread-safe.
 */
final class RunLog {

  /** The event of a line that is written before a request is sent. */
  static final String REQUEST = "request";

  /** The event of a line that is written after a response has arrived. */
  static final String RESPONSE = "response";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Writer writer;
  private final String worker;

  RunLog(Path file, String worker) throws IOException {
    this.worker = worker;
    this.writer =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    // A previous process may have been killed in the middle of a line.
    writer.write("\n");
  }

  /** Microseconds since the epoch, on the machine's clock, which all workers share. */
  static long now() {
    java.time.Instant now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  synchronized void write(String event, Map<String, ?> fields) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", now());
    line.put("worker", worker);
    line.put("event", event);
    line.putAll(fields);
    writer.write(JSON.writeValueAsString(line) + "\n");
    writer.flush();
  }
}

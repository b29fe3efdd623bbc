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
 * What a worker did, a line of JSON for each thing; written before it goes on, so only what was
 * being written is lost when it is killed. For many threads.
 */
final class RunLog {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Writer lines;
  private final String worker;

  RunLog(Path file, String worker) throws IOException {
    this.worker = worker;
    this.lines =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    // The one before may have been killed in the middle of a line.
    lines.write("\n");
  }

  /** Microseconds on the machine's clock, which all workers share. */
  static long now() {
    java.time.Instant now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  synchronized void write(String what, Map<String, ?> more) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", now());
    line.put("by", worker);
    line.put("what", what);
    line.putAll(more);
    lines.write(JSON.writeValueAsString(line) + "\n");
    lines.flush();
  }
}

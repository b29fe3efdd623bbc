package dev.docket.http.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A batch of any length that is sent as lines of JSON ({@code application/x-ndjson}). The server
 * writes the outcomes of the lines in the same order while it reads on. It flushes them when the
 * input pauses, so a client may wait for outcomes before it sends more.
 */
public final class NdjsonBatch {

  /** The media type of lines of JSON. */
  public static final String NDJSON = "application/x-ndjson";

  /** The maximum length of a line, in bytes. */
  static final int MAX_LINE_BYTES = 1024 * 1024;

  /** How long to wait for an outcome before checking for more input. */
  private static final long FLUSH_DELAY_MILLIS = 2;

  private final ObjectMapper mapper;

  public NdjsonBatch(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Executes the operation on all lines up to the end of the input. Blank lines are skipped and
   * have no index.
   *
   * @throws IOException if the client has disconnected; operations that were started still complete
   */
  public void run(InputStream in, OutputStream out, BatchOperation operation) throws IOException {
    PendingOutcomes pending = new PendingOutcomes();
    try (NdjsonOutcomes outcomes = new NdjsonOutcomes(mapper, out)) {
      LineReader reader =
          new LineReader(in, MAX_LINE_BYTES, () -> writeWhileIdle(in, pending, outcomes));
      int index = 0;
      while (reader.next()) {
        if (reader.tooLong()) {
          pending.reject(
              index++,
              new PayloadTooLarge("the line must be at most " + MAX_LINE_BYTES + " bytes"));
        } else if (!reader.blank()) {
          start(reader.item(index++), pending, operation);
        }
        while (pending.isOldestDue()) {
          pending.writeOldest(outcomes);
        }
      }
      while (!pending.isEmpty()) {
        pending.writeOldest(outcomes);
      }
    }
  }

  private static void start(BatchItem line, PendingOutcomes pending, BatchOperation operation) {
    if (line.isUtf8()) {
      pending.start(line, operation);
    } else {
      pending.reject(line.index(), InvalidRequest.field("", "must be valid UTF-8"));
    }
  }

  /** Writes and flushes outcomes until there is input or no outcome is pending. */
  private static void writeWhileIdle(
      InputStream in, PendingOutcomes pending, NdjsonOutcomes outcomes) throws IOException {
    while (!pending.isEmpty() && in.available() == 0) {
      if (pending.await(FLUSH_DELAY_MILLIS)) {
        pending.writeOldest(outcomes);
      } else {
        outcomes.flush();
      }
    }
    if (pending.isEmpty()) {
      outcomes.flush();
    }
  }
}

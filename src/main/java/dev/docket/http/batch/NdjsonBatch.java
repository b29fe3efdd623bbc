package dev.docket.http.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.PayloadTooLarge;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A batch as lines of JSON ({@code application/x-ndjson}), of any length: a line goes out for each
 * line that comes in, in the same order, while reading goes on. Whoever waits for answers before
 * sending more gets them: what is written leaves when the input pauses.
 */
public final class NdjsonBatch {

  /** The media type. */
  public static final String NDJSON = "application/x-ndjson";

  /** The longest line, in bytes. */
  static final int MAX_LINE_BYTES = 1024 * 1024;

  /** How long an outcome is waited for before it is looked whether there is more to read. */
  private static final long FLUSH_DELAY_MILLIS = 2;

  private final ObjectMapper mapper;

  public NdjsonBatch(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Reads to the end of the input. Blank lines are passed over and have no index.
   *
   * @throws IOException when the caller is gone; what was read by then is done
   */
  public void run(InputStream in, OutputStream out, BatchOperation act) throws IOException {
    PendingOutcomes begun = new PendingOutcomes();
    try (NdjsonOutcomes answers = new NdjsonOutcomes(mapper, out)) {
      LineReader reader = new LineReader(in, MAX_LINE_BYTES, () -> pause(in, begun, answers));
      int index = 0;
      while (reader.next()) {
        if (reader.tooLong()) {
          begun.refuse(
              index++, new PayloadTooLarge("the line is longer than " + MAX_LINE_BYTES + " bytes"));
        } else if (!reader.blank()) {
          begun.begin(reader.item(index++), act);
        }
        while (begun.due()) {
          begun.writeOldest(answers);
        }
      }
      while (!begun.isEmpty()) {
        begun.writeOldest(answers);
      }
    }
  }

  /** Until there is more to read, or nothing is left to be waited for. */
  private static void pause(InputStream in, PendingOutcomes begun, NdjsonOutcomes answers)
      throws IOException {
    while (!begun.isEmpty() && in.available() == 0) {
      if (begun.await(FLUSH_DELAY_MILLIS)) {
        begun.writeOldest(answers);
      } else {
        answers.flush();
      }
    }
    if (begun.isEmpty()) {
      answers.flush();
    }
  }
}

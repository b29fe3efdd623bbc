package dev.docket.search;

import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes hits to an output stream, in one format. */
interface Rows {

  /** An export format. */
  interface Format {
    Rows to(OutputStream out) throws IOException;
  }

  /** Writes hits and flushes them. */
  void write(List<?> views) throws IOException;

  /**
   * Reports an error after some hits have been written.
   *
   * @return false if the format cannot express an error; the response must then be truncated
   */
  boolean writeError(ProblemBody problem) throws IOException;
}

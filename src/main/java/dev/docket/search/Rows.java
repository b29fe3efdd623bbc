package dev.docket.search;

import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What is found, as it goes out one after the other. */
interface Rows {

  /** A way of writing them. */
  interface Format {
    Rows to(OutputStream out) throws IOException;
  }

  /** Writes these, and sends them off. */
  void write(List<?> views) throws IOException;

  /**
   * Says that there should have been more.
   *
   * @return whether the caller was told: if not, the answer must be cut off
   */
  boolean broken(ProblemBody why) throws IOException;
}

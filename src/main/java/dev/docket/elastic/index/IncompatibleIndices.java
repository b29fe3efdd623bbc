package dev.docket.elastic.index;

import java.io.Serial;

/** What is in Elasticsearch is not what this server needs; says what, and what to do about it. */
public final class IncompatibleIndices extends IllegalStateException {

  @Serial private static final long serialVersionUID = 1;

  IncompatibleIndices(String message) {
    super(message);
  }
}

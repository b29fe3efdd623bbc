package dev.docket.elastic.index;

import java.io.Serial;

/**
 * The templates or indices in Elasticsearch are incompatible with this server. The message names
 * the difference and the remedy.
 */
public final class IncompatibleIndices extends IllegalStateException {

  @Serial private static final long serialVersionUID = 1;

  IncompatibleIndices(String message) {
    super(message);
  }
}

package dev.docket.elastic.client;

import java.io.IOException;
import java.io.Serial;

/**
 * Elasticsearch accepted a connection and did not answer. The message says for how long, and may be
 * shown to clients.
 */
public final class NoAnswerException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  NoAnswerException(String message, Throwable cause) {
    super(message, cause);
  }

  NoAnswerException(String message) {
    super(message);
  }
}

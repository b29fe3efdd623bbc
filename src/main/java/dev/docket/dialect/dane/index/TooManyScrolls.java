package dev.docket.dialect.dane.index;

import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/**
 * No further scroll can be opened now. The reason starts as that of Elasticsearch, and the status
 * is that of Elasticsearch 8; 7 answers with 500, which says nothing about who must act.
 */
final class TooManyScrolls extends Problem {

  @Serial private static final long serialVersionUID = 1;

  /**
   * @param max the number of scrolls of a server
   * @param reason which limit was reached
   */
  TooManyScrolls(int max, String reason) {
    super(
        Kind.TOO_MANY_REQUESTS,
        "Trying to create too many scroll contexts. Must be less than or equal to: [%d]. %s"
            .formatted(max, reason),
        List.of(),
        Map.of(InvalidQuery.EXCEPTION, "too_many_scroll_contexts_exception"));
  }
}

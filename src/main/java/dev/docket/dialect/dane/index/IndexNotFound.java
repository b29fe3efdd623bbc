package dev.docket.dialect.dane.index;

import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** There is no index with this name. */
final class IndexNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  IndexNotFound(String name) {
    super(
        Kind.NOT_FOUND,
        "no such index [" + name + "]",
        List.of(),
        Map.of(InvalidQuery.EXCEPTION, "index_not_found_exception"));
  }
}

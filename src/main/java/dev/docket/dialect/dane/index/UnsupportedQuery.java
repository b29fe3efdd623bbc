package dev.docket.dialect.dane.index;

import dev.docket.http.Problem;
import java.io.Serial;

/** Something that DANE's worker library does not do. */
final class UnsupportedQuery extends Problem {

  @Serial private static final long serialVersionUID = 1;

  UnsupportedQuery(String what) {
    super(
        Kind.INVALID,
        "this is no Elasticsearch but Docket, which answers what DANE's worker library asks and"
            + " nothing else: "
            + what);
  }
}

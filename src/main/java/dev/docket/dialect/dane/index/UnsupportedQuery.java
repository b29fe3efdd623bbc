package dev.docket.dialect.dane.index;

import dev.docket.http.Problem;
import java.io.Serial;

/** A call that this index does not support. */
final class UnsupportedQuery extends Problem {

  @Serial private static final long serialVersionUID = 1;

  UnsupportedQuery(String what) {
    super(
        Kind.INVALID,
        "this is Docket, which supports only the calls of DANE's worker library; unsupported: "
            + what);
  }
}

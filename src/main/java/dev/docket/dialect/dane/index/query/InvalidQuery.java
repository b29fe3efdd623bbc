package dev.docket.dialect.dane.index.query;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/**
 * A call of the index that is invalid or unsupported, with the name of Elasticsearch's exception.
 */
public final class InvalidQuery extends Problem {

  /** The member of the problem with the name of the exception. */
  public static final String EXCEPTION = "exception";

  @Serial private static final long serialVersionUID = 1;

  private InvalidQuery(String exception, String reason) {
    super(Kind.INVALID, reason, List.of(), Map.of(EXCEPTION, exception));
  }

  /** The text is not a search, as Elasticsearch says it. */
  public static InvalidQuery parsing(String reason) {
    return new InvalidQuery("parsing_exception", reason);
  }

  /** A value does not fit. */
  public static InvalidQuery argument(String reason) {
    return new InvalidQuery("illegal_argument_exception", reason);
  }

  /** The query does not fit the fields of the index. */
  static InvalidQuery shard(String reason) {
    return new InvalidQuery("query_shard_exception", reason);
  }

  /** Elasticsearch knows it, and Docket does not. */
  public static InvalidQuery unsupported(String what) {
    return new InvalidQuery("illegal_argument_exception", "Docket does not support " + what);
  }
}

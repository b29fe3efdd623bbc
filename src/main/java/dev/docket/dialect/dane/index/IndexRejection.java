package dev.docket.dialect.dane.index;

import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** A call that this index does not accept. */
final class IndexRejection extends Problem {

  @Serial private static final long serialVersionUID = 1;

  /** The member of a problem that stands for the whole call; {@link IndexErrors} names it. */
  static final String CALL = "call";

  private static final String EXCEPTION = "illegal_argument_exception";

  private IndexRejection(String reason, Map<String, Object> members) {
    super(Kind.INVALID, reason, List.of(), members);
  }

  /**
   * Rejects a write.
   *
   * @param what the write, as a noun
   */
  IndexRejection(String what) {
    this(reason(what), Map.of(InvalidQuery.EXCEPTION, EXCEPTION));
  }

  /** Rejects a call that has no resource. */
  static IndexRejection ofCall() {
    return new IndexRejection(
        reason("this call"), Map.of(InvalidQuery.EXCEPTION, EXCEPTION, CALL, true));
  }

  static String reason(String what) {
    return "Docket accepts only saving and deleting a result, not " + what;
  }
}

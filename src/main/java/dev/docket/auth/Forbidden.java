package dev.docket.auth;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.Locale;

/** The caller is known, but may not do this. */
public final class Forbidden extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public Forbidden(String message) {
    super(Kind.FORBIDDEN, message);
  }

  /** The caller sees the record, but may not change it. */
  public static Forbidden change(Caller caller, OwnedRecord kind, String id) {
    String whose =
        caller.changes().scope() == Scope.GROUP ? "records of your group" : "your own records";
    return new Forbidden(
        "you may change "
            + whose
            + " only, and "
            + kind.name().toLowerCase(Locale.ROOT)
            + " "
            + id
            + " has another owner");
  }

  /**
   * Checks that the caller is not limited to task keys: a document has tasks of any key.
   *
   * @throws Forbidden if it is
   */
  public static void requireUnlimited(Caller caller) {
    if (caller.taskKeys() != null) {
      throw new Forbidden(
          "this caller is limited to task keys, so it may not change or delete documents");
    }
  }
}

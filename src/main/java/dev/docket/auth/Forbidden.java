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
}

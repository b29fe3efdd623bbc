package dev.docket.auth;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.Objects;
import java.util.TreeSet;

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
            + kind.name().toLowerCase(java.util.Locale.ROOT)
            + " "
            + id
            + " has another owner");
  }

  /**
   * Checks the task keys of the caller.
   *
   * @throws Forbidden if they do not include this one
   */
  public static void requireTaskKey(Caller caller, String taskKey) {
    if (!caller.mayUse(taskKey)) {
      throw new Forbidden(
          "your credentials are limited to the task keys "
              + new TreeSet<>(Objects.requireNonNull(caller.taskKeys()))
              + ", which do not include "
              + taskKey);
    }
  }
}

package dev.docket.http;

import java.io.Serial;
import java.util.List;
import java.util.Map;

/** The request is invalid. The message names the field and what is allowed. */
public final class InvalidRequest extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public InvalidRequest(String message, List<FieldError> errors) {
    super(Kind.INVALID, message, errors, Map.of());
  }

  /** One field is invalid; an empty pointer stands for the whole body. */
  public static InvalidRequest field(String pointer, String detail) {
    String field = pointer.isEmpty() ? "the body" : pointer + ":";
    return new InvalidRequest(field + " " + detail, List.of(new FieldError(pointer, detail)));
  }

  /** Several fields are invalid. The message names the first of at least one. */
  public static InvalidRequest of(List<FieldError> errors) {
    FieldError first = errors.get(0);
    String count = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
    String field = first.pointer().isEmpty() ? "the body" : first.pointer();
    return new InvalidRequest(field + " " + first.detail() + count, errors);
  }

  /**
   * Checks that a number is in a range.
   *
   * @throws InvalidRequest if it is not
   */
  public static void requireBetween(String pointer, long number, long min, long max) {
    if (number < min || number > max) {
      throw field(pointer, "must be between " + min + " and " + max + " (was " + number + ")");
    }
  }
}

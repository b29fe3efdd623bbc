package dev.docket.http;

import java.io.Serial;
import java.util.List;
import java.util.Map;

/**
 * A refusal that a caller can understand. Each room has its own small ones; {@link ErrorsFeature}
 * alone knows which HTTP status a {@link Kind} is. The message is for people outside: no internals.
 */
public abstract class Problem extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;
  private final transient List<FieldError> errors;
  private final transient Map<String, Object> members;

  /** What went wrong, seen by the caller. */
  public enum Kind {
    INVALID,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNPROCESSABLE,
    UNAVAILABLE
  }

  /**
   * One field that is not as it must be.
   *
   * @param pointer a JSON pointer (RFC 6901) into the body, or the name of a query parameter
   * @param detail what is wrong and what is allowed
   */
  public record FieldError(String pointer, String detail) {}

  protected Problem(Kind kind, String message) {
    this(kind, message, List.of(), Map.of());
  }

  /**
   * A problem with more to say.
   *
   * @param errors the fields that are wrong
   * @param members further members of the answer's body, as the id of what stands in the way
   */
  protected Problem(
      Kind kind, String message, List<FieldError> errors, Map<String, Object> members) {
    super(message);
    this.kind = kind;
    this.errors = List.copyOf(errors);
    this.members = Map.copyOf(members);
  }

  protected Problem(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.errors = List.of();
    this.members = Map.of();
  }

  public final Kind kind() {
    return kind;
  }

  public final List<FieldError> errors() {
    return errors;
  }

  public final Map<String, Object> members() {
    return members;
  }
}

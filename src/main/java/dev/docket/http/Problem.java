package dev.docket.http;

import java.io.Serial;
import java.util.List;
import java.util.Map;

/**
 * An error that is reported to the client. An error that a caller tells apart, or that occurs in
 * several places, has its own subclass. {@link ProblemBody} alone maps a {@link Kind} to an HTTP
 * status. Clients see the message, so it must not contain internals.
 */
public class Problem extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;
  private final transient List<FieldError> errors;
  private final transient Map<String, Object> members;

  /** The category of a problem, from the client's point of view. */
  public enum Kind {
    INVALID,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNPROCESSABLE,
    TOO_MANY_REQUESTS,
    UNAVAILABLE
  }

  /**
   * An invalid field.
   *
   * @param pointer a JSON pointer (RFC 6901) into the body, or the name of a query parameter
   * @param detail what is wrong and what is allowed
   */
  public record FieldError(String pointer, String detail) {}

  public Problem(Kind kind, String message) {
    this(kind, message, List.of(), Map.of());
  }

  /**
   * Creates a problem with details.
   *
   * @param errors the invalid fields
   * @param members further members of the response body, such as the id of a conflicting document
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

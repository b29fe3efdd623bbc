package dev.docket.errors;

import java.io.Serial;
import java.util.List;

/**
 * A refusal that a caller can understand. Each room has its own small ones; {@link ErrorsFeature}
 * alone knows which HTTP status a {@link Kind} is. The message is for people outside: no internals.
 */
public abstract class Problem extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;
  private final transient List<FieldError> errors;

  /** What went wrong, seen by the caller. */
  public enum Kind {
    INVALID,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
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
    this(kind, message, List.of());
  }

  protected Problem(Kind kind, String message, List<FieldError> errors) {
    super(message);
    this.kind = kind;
    this.errors = List.copyOf(errors);
  }

  protected Problem(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.errors = List.of();
  }

  public final Kind kind() {
    return kind;
  }

  public final List<FieldError> errors() {
    return errors;
  }
}

package dev.docket.dialect.dane;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** A refusal in DANE's words, which its clients may look for. */
final class DaneRefusal extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private DaneRefusal(Kind kind, String message, List<FieldError> errors) {
    super(kind, message, errors, Map.of());
  }

  static DaneRefusal badDocument(List<FieldError> errors) {
    return new DaneRefusal(Kind.INVALID, "Invalid document format", errors);
  }

  static DaneRefusal badTask(List<FieldError> errors) {
    return new DaneRefusal(Kind.INVALID, "Invalid task format", errors);
  }

  static DaneRefusal invalid(String message) {
    return new DaneRefusal(Kind.INVALID, message, List.of());
  }

  static DaneRefusal conflict(String message) {
    return new DaneRefusal(Kind.CONFLICT, message, List.of());
  }

  static DaneRefusal notFound(String message) {
    return new DaneRefusal(Kind.NOT_FOUND, message, List.of());
  }
}

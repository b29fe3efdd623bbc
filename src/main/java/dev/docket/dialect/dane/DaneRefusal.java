package dev.docket.dialect.dane;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** An error in the words of DANE-server. */
final class DaneRefusal extends Problem {

  @Serial private static final long serialVersionUID = 1;

  private DaneRefusal(Kind kind, String message, List<FieldError> errors) {
    super(kind, message, errors, Map.of());
  }

  static DaneRefusal invalidDocument(List<FieldError> errors) {
    return new DaneRefusal(Kind.INVALID, "Invalid document format", errors);
  }

  static DaneRefusal invalidTask(List<FieldError> errors) {
    return new DaneRefusal(Kind.INVALID, "Invalid task format", errors);
  }

  static DaneRefusal invalid(String message) {
    return new DaneRefusal(Kind.INVALID, message, List.of());
  }

  static DaneRefusal conflict(String message) {
    return new DaneRefusal(Kind.CONFLICT, message, List.of());
  }

  static DaneRefusal unknownDocument(String id) {
    return new DaneRefusal(Kind.NOT_FOUND, "No document with id `" + id + "` found", List.of());
  }
}

package dev.docket.workerapi;

import dev.docket.http.Problem;
import dev.docket.wire.ReportAnswer;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** A report was not taken; for callers who get an error instead of an item's answer. */
final class ReportRejected extends Problem {

  @Serial private static final long serialVersionUID = 1;

  ReportRejected(ReportAnswer answer) {
    super(
        switch (answer.status()) {
          case 404 -> Kind.NOT_FOUND;
          case 409 -> Kind.CONFLICT;
          case 413 -> Kind.TOO_LARGE;
          case 503 -> Kind.UNAVAILABLE;
          default -> Kind.INVALID;
        },
        String.valueOf(answer.why()),
        List.of(),
        members(answer));
  }

  private static Map<String, Object> members(ReportAnswer answer) {
    Integer state = answer.state();
    Integer attempt = answer.attempt();
    return state == null || attempt == null ? Map.of() : Map.of("state", state, "attempt", attempt);
  }
}

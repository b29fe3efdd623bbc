package dev.docket.workerapi;

import dev.docket.http.Problem;
import dev.docket.wire.ReportResponse;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/**
 * A report was rejected. For operations that return an error response instead of a result for each
 * item.
 */
final class ReportRejected extends Problem {

  @Serial private static final long serialVersionUID = 1;

  ReportRejected(ReportResponse response) {
    super(
        switch (response.status()) {
          case 403 -> Kind.FORBIDDEN;
          case 404 -> Kind.NOT_FOUND;
          case 409 -> Kind.CONFLICT;
          case 413 -> Kind.TOO_LARGE;
          case 429 -> Kind.TOO_MANY_REQUESTS;
          case 503 -> Kind.UNAVAILABLE;
          default -> Kind.INVALID;
        },
        String.valueOf(response.why()),
        List.of(),
        members(response));
  }

  private static Map<String, Object> members(ReportResponse response) {
    Integer state = response.state();
    Integer attempt = response.attempt();
    return state == null || attempt == null ? Map.of() : Map.of("state", state, "attempt", attempt);
  }
}

package dev.docket.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error response: problem details (RFC 9457), {@code application/problem+json}.
 *
 * @param type {@code urn:docket:problem:<kind>}
 * @param errors the invalid fields, with JSON pointers; omitted if there are none
 * @param id the id under which the server logged an unexpected error; null for other errors
 * @param members further members, such as {@code existing}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProblemBody(
    String type,
    String title,
    int status,
    String detail,
    List<Problem.FieldError> errors,
    @Nullable String id,
    @JsonAnyGetter Map<String, Object> members) {

  /** The media type of problem details. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** The body for a problem. */
  public static ProblemBody of(Problem problem) {
    String detail = problem.getMessage();
    return of(status(problem.kind()), detail == null ? "" : detail, problem.errors(), null)
        .with(problem.members());
  }

  static ProblemBody of(
      int status, String detail, List<Problem.FieldError> errors, @Nullable String id) {
    String title = title(status);
    String type = "urn:docket:problem:" + title.toLowerCase(Locale.ROOT).replace(' ', '-');
    return new ProblemBody(type, title, status, detail, errors, id, Map.of());
  }

  private ProblemBody with(Map<String, Object> additional) {
    return new ProblemBody(type, title, status, detail, errors, id, additional);
  }

  static int status(Problem.Kind kind) {
    return switch (kind) {
      case INVALID -> 400;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case PRECONDITION_FAILED -> 412;
      case TOO_LARGE -> 413;
      case UNPROCESSABLE -> 422;
      case UNAVAILABLE -> 503;
    };
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 422 -> "Unprocessable Content";
      case 503 -> "Service Unavailable";
      default -> status < 500 ? "Request Refused" : "Internal Server Error";
    };
  }
}

package dev.docket.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.concurrent.Stages;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.CharConversionException;
import java.util.List;
import java.util.Optional;
import org.glassfish.jersey.message.internal.HeaderValueException;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps every error to a response with a {@link ProblemBody}. The request log has errors of clients.
 * Unexpected errors of the server are logged at error, under the id of the request, which the
 * response repeats. Responses contain neither stack traces nor internal messages. An error after
 * part of a response was sent aborts the connection.
 */
public final class ErrorsFeature implements Feature {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorsFeature.class);
  private static final RateLimitedLogger UNAVAILABLE = new RateLimitedLogger(LOG, System::nanoTime);
  private static final RateLimitedLogger TOO_MANY = new RateLimitedLogger(LOG, System::nanoTime);

  /** The {@code Retry-After} of a problem that does not know when to retry, in seconds. */
  private static final int RETRY_AFTER_SECONDS = 2;

  @Override
  public boolean configure(FeatureContext context) {
    DisconnectLog.install();
    context.register(new MediaTypeFilter());
    context.register(new RequestBodyFilter());
    context.register(new Utf8Filter());
    context.register(new ProblemNotes());
    context.register(new ProblemMapper());
    context.register(new JsonErrorMapper());
    context.register(new ConstraintViolationMapper());
    context.register(new JerseyErrorMapper());
    context.register(new UnexpectedErrorMapper());
    context.register(TruncatingInterceptor.class);
    return true;
  }

  /** The response to a failure. */
  public static Response response(Throwable failure) {
    return response(failure, null);
  }

  /**
   * The response to a failure of a request.
   *
   * @param requestId the id of the request; null if it is unknown
   */
  private static Response response(Throwable thrown, @Nullable String requestId) {
    Throwable failure = Stages.cause(thrown);
    if (failure instanceof Problem problem) {
      return response(problem);
    }
    Optional<UnreadableBody> unreadable = cause(failure, UnreadableBody.class);
    if (unreadable.isPresent()) {
      return response(unreadable.orElseThrow());
    }
    if (failure instanceof JsonProcessingException
        && failure.getCause() instanceof Problem problem) {
      return response(problem);
    }
    if (cause(failure, CharConversionException.class).isPresent()) {
      return response(InvalidRequest.field("", "must be JSON in UTF-8"));
    }
    if (failure instanceof HeaderValueException header
        && header.getContext() == HeaderValueException.Context.INBOUND) {
      return response(new InvalidRequest("a header is invalid: " + header.getMessage(), List.of()));
    }
    if (failure instanceof JsonProcessingException json
        && !(json.getProcessor() instanceof JsonGenerator)) {
      return response(RequestBodyReader.invalid(json));
    }
    if (failure instanceof ConstraintViolationException violation) {
      return response(RequestBodyReader.invalid(violation.getConstraintViolations()));
    }
    if (failure instanceof WebApplicationException web) {
      return response(web);
    }
    String id = RequestAttributes.idOr(requestId);
    LOG.atError()
        .addKeyValue("error", id)
        .setCause(failure)
        .log("A request failed with an unexpected error");
    return respond(
        ProblemBody.of(
            500, "internal error; the server's log has the details under this id", List.of(), id));
  }

  private static <T> Optional<T> cause(Throwable failure, Class<T> type) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static Response response(UnreadableBody body) {
    String detail = String.valueOf(body.getMessage());
    LOG.debug("Rejected a request with {}: {}", body.status(), detail);
    return respond(ProblemBody.of(body.status(), detail, List.of(), null));
  }

  private static Response response(Problem problem) {
    ProblemBody body = ProblemBody.of(problem);
    if (problem.kind() == Problem.Kind.UNAVAILABLE) {
      UNAVAILABLE.warn("Responded with 503: " + problem.getMessage());
    } else if (problem.kind() == Problem.Kind.TOO_MANY_REQUESTS) {
      TOO_MANY.warn("Responded with 429: " + problem.getMessage());
    } else {
      LOG.debug("Rejected a request with {}: {}", body.status(), problem.getMessage());
      return respond(body);
    }
    return Response.fromResponse(respond(body))
        .header(HttpHeaders.RETRY_AFTER, retryAfterSeconds(problem))
        .build();
  }

  private static long retryAfterSeconds(Problem problem) {
    return problem instanceof TooManyRequests tooMany
        ? tooMany.retryAfterSeconds()
        : RETRY_AFTER_SECONDS;
  }

  private static Response response(WebApplicationException web) {
    int status = web.getResponse().getStatus();
    if (web instanceof ParamException.QueryParamException query) {
      return response(InvalidRequest.field(query.getParameterName(), reason(query)));
    }
    if (web.getResponse().hasEntity() || status < 400) {
      return web.getResponse();
    }
    String detail =
        web instanceof ParamException.PathParamException path
            ? "there is no such resource: " + path.getParameterName() + " " + reason(path)
            : switch (status) {
              case 403 -> "this caller has no role that allows this operation";
              case 404 -> "there is no resource at this path";
              case 405 -> "this path does not support this method";
              case 415 -> "the Content-Type is not supported";
              default -> String.valueOf(web.getMessage());
            };
    Response.ResponseBuilder builder =
        Response.fromResponse(respond(ProblemBody.of(status, detail, List.of(), null)));
    String allow = web.getResponse().getHeaderString(HttpHeaders.ALLOW);
    return (allow == null ? builder : builder.header(HttpHeaders.ALLOW, allow)).build();
  }

  private static String reason(ParamException failure) {
    @Nullable Throwable cause = failure.getCause();
    while (cause != null && !(cause instanceof IllegalArgumentException)) {
      cause = cause.getCause();
    }
    return cause == null || cause instanceof NumberFormatException
        ? "cannot be parsed"
        : String.valueOf(cause.getMessage());
  }

  private static Response respond(ProblemBody body) {
    return Response.status(body.status()).type(ProblemBody.MEDIA_TYPE).entity(body).build();
  }

  private abstract static class FailureMapper<E extends Throwable> implements ExceptionMapper<E> {
    @Override
    public Response toResponse(E failure) {
      return ErrorsFeature.response((Throwable) failure);
    }
  }

  private static final class ProblemMapper extends FailureMapper<Problem> {}

  private static final class JsonErrorMapper extends FailureMapper<JsonProcessingException> {}

  private static final class ConstraintViolationMapper
      extends FailureMapper<ConstraintViolationException> {}

  private static final class JerseyErrorMapper implements ExceptionMapper<WebApplicationException> {
    @Override
    public Response toResponse(WebApplicationException failure) {
      return response(failure);
    }
  }

  private static final class UnexpectedErrorMapper implements ExceptionMapper<Throwable> {

    @Context private @Nullable HttpHeaders headers;

    @Override
    public Response toResponse(Throwable failure) {
      HttpHeaders request = headers;
      return response(
          failure, request == null ? null : request.getHeaderString(RequestAttributes.ID_HEADER));
    }
  }
}

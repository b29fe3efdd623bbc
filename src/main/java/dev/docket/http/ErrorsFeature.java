package dev.docket.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.zip.ZipException;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an answer of every error, in the one shape of {@link ProblemBody}. What callers do wrong is
 * logged at info, what we do wrong at error under an id that the answer repeats; no stack trace or
 * internal text leaves the house.
 */
public final class ErrorsFeature implements Feature {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorsFeature.class);
  private static final RateLimitedLogger UNAVAILABLE = new RateLimitedLogger(LOG, System::nanoTime);

  /** What a client is asked to wait when the store or the broker is too busy, in seconds. */
  private static final int RETRY_AFTER_SECONDS = 2;

  @Override
  public boolean configure(FeatureContext context) {
    context.register(new OfProblem());
    context.register(new OfJson());
    context.register(new OfConstraint());
    context.register(new OfJersey());
    context.register(new OfAnything());
    return true;
  }

  /** The answer to this failure. */
  public static Response answer(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return answer(failure.getCause());
    }
    if (failure instanceof Problem problem) {
      return answer(problem);
    }
    if (notCompressed(failure)) {
      return answer(
          new InvalidRequest("the body is not compressed as Content-Encoding says", List.of()));
    }
    if (failure instanceof JsonProcessingException json) {
      return answer(RequestBodyReader.invalid(json));
    }
    if (failure instanceof ConstraintViolationException constraint) {
      return answer(RequestBodyReader.invalid(constraint.getConstraintViolations()));
    }
    if (failure instanceof WebApplicationException web) {
      return answer(web);
    }
    String id = UUID.randomUUID().toString();
    LOG.atError().addKeyValue("error", id).setCause(failure).log("A request failed");
    return respond(ProblemBody.of(500, "something went wrong here, see the log", List.of(), id));
  }

  /** Jetty's reading fails with this, however deep. */
  private static boolean notCompressed(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ZipException) {
        return true;
      }
    }
    return false;
  }

  private static Response answer(Problem problem) {
    ProblemBody body = ProblemBody.of(problem);
    if (problem.kind() != Problem.Kind.UNAVAILABLE) {
      LOG.info("Refused with {}: {}", body.status(), problem.getMessage());
      return respond(body);
    }
    UNAVAILABLE.warn("Answered 503: " + problem.getMessage());
    return Response.fromResponse(respond(body))
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .build();
  }

  private static Response answer(WebApplicationException web) {
    int status = web.getResponse().getStatus();
    if (web instanceof ParamException.QueryParamException query) {
      return answer(InvalidRequest.field(query.getParameterName(), reason(query)));
    }
    if (web.getResponse().hasEntity() || status < 400) {
      return web.getResponse();
    }
    String detail =
        web instanceof ParamException.PathParamException path
            ? "there is nothing here: " + path.getParameterName() + " " + reason(path)
            : switch (status) {
              case 403 -> "this API key does not have a role that may do this";
              case 404 -> "there is nothing at this address";
              case 405 -> "this address does not take this method";
              case 415 -> "the Content-Type is not one that is read here";
              default -> String.valueOf(web.getMessage());
            };
    Response.ResponseBuilder answer =
        Response.fromResponse(respond(ProblemBody.of(status, detail, List.of(), null)));
    String allow = web.getResponse().getHeaderString(HttpHeaders.ALLOW);
    return (allow == null ? answer : answer.header(HttpHeaders.ALLOW, allow)).build();
  }

  private static String reason(ParamException failure) {
    @Nullable Throwable cause = failure.getCause();
    while (cause != null && !(cause instanceof IllegalArgumentException)) {
      cause = cause.getCause();
    }
    return cause == null || cause instanceof NumberFormatException
        ? "cannot be read"
        : String.valueOf(cause.getMessage());
  }

  private static Response respond(ProblemBody body) {
    return Response.status(body.status()).type(ProblemBody.MEDIA_TYPE).entity(body).build();
  }

  private static final class OfProblem implements ExceptionMapper<Problem> {
    @Override
    public Response toResponse(Problem problem) {
      return answer(problem);
    }
  }

  private static final class OfJson implements ExceptionMapper<JsonProcessingException> {
    @Override
    public Response toResponse(JsonProcessingException failure) {
      return ErrorsFeature.answer((Throwable) failure);
    }
  }

  private static final class OfConstraint implements ExceptionMapper<ConstraintViolationException> {
    @Override
    public Response toResponse(ConstraintViolationException failure) {
      return ErrorsFeature.answer((Throwable) failure);
    }
  }

  private static final class OfJersey implements ExceptionMapper<WebApplicationException> {
    @Override
    public Response toResponse(WebApplicationException failure) {
      return answer(failure);
    }
  }

  private static final class OfAnything implements ExceptionMapper<Throwable> {
    @Override
    public Response toResponse(Throwable failure) {
      return answer(failure);
    }
  }
}

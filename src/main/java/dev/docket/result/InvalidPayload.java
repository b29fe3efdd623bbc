package dev.docket.result;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.http.Problem;
import java.io.Serial;

/** An uploaded payload is not one JSON value. */
public final class InvalidPayload extends Problem {

  @Serial private static final long serialVersionUID = 1;

  public InvalidPayload(String reason) {
    super(Kind.INVALID, "the payload " + reason);
  }

  /** What is wrong with a JSON text, and where if the parser says so. */
  public static String reason(JsonProcessingException failure) {
    JsonLocation location = failure.getLocation();
    return location == null
        ? failure.getOriginalMessage()
        : failure.getOriginalMessage() + " at character " + location.getCharOffset();
  }
}

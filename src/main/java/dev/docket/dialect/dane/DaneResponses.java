package dev.docket.dialect.dane;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers that several of DANE's resources give. */
final class DaneResponses {

  /** An empty JSON text with a line feed, as Flask writes it. */
  private static final String EMPTY = "\"\"\n";

  /** {@code {"*":null}}, which DANE writes for an object without fields. */
  static final Map<String, @Nullable Object> NO_FIELDS = noFields();

  private DaneResponses() {}

  private static Map<String, @Nullable Object> noFields() {
    Map<String, @Nullable Object> fields = new HashMap<>();
    fields.put("*", null);
    return Collections.unmodifiableMap(fields);
  }

  /** DANE's answer where there is nothing to tell. */
  static Response empty() {
    return Response.ok(EMPTY, MediaType.APPLICATION_JSON_TYPE).build();
  }
}

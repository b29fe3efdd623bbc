package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.docket.dialect.dane.DaneResult;
import dev.docket.dialect.dane.index.JsonSections.Section;
import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import dev.docket.task.TaskId;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A result as DANE's workers save it: {@code {"result": {"generator": {…}, "payload": {…}}, "role":
 * {"name": "result", "parent": "<task id>"}}}.
 *
 * @param payload where the body contains the payload
 */
record IndexedResult(TaskId task, Map<String, String> generator, Section payload) {

  /** The maximum size of a body without its payload. */
  static final int MAX_OTHER_BYTES = 64 * 1024;

  private static final int MAX_NAMES = 50;

  private static final String RESULT = "/result";
  private static final String ROLE = "/role";
  private static final String GENERATOR = "/result/generator";
  private static final String PAYLOAD = "/result/payload";

  /**
   * Reads a result, but not its payload.
   *
   * @throws IndexRejection if the body is another kind of record
   * @throws InvalidRequest naming the invalid field
   * @throws PayloadTooLarge if the payload or the remainder of the body is too large
   */
  static IndexedResult read(SpooledBody body, long maxPayloadBytes, ObjectMapper mapper) {
    JsonSections sections =
        JsonSections.find(body, Set.of(RESULT), Set.of(ROLE, GENERATOR, PAYLOAD));
    Map<String, Section> found = sections.sections();
    JsonNode role = small(body, found.get(ROLE), ROLE, mapper);
    if (!role.path("name").asText().equals("result") || !sections.hasObject(RESULT)) {
      throw new IndexRejection("a record that is not a result");
    }
    TaskId task = task(role.path("parent").asText());
    Section payload = found.get(PAYLOAD);
    if (payload == null) {
      throw InvalidRequest.field(PAYLOAD, "must be there");
    }
    if (payload.bytes() > maxPayloadBytes) {
      throw new PayloadTooLarge("the payload must be at most " + maxPayloadBytes + " bytes");
    }
    if (body.size() - payload.bytes() > MAX_OTHER_BYTES) {
      throw new PayloadTooLarge(
          "the body without its payload must be at most " + MAX_OTHER_BYTES + " bytes");
    }
    JsonNode generator = small(body, found.get(GENERATOR), GENERATOR, mapper);
    return new IndexedResult(task, generator(generator), payload);
  }

  private static TaskId task(String id) {
    try {
      return TaskId.fromString(id);
    } catch (IllegalArgumentException bad) {
      throw InvalidRequest.field("/role/parent", String.valueOf(bad.getMessage()));
    }
  }

  /** Reads a value into memory. */
  private static JsonNode small(
      SpooledBody body, @Nullable Section value, String pointer, ObjectMapper mapper) {
    if (value == null) {
      return MissingNode.getInstance();
    }
    if (value.bytes() > MAX_OTHER_BYTES) {
      throw new PayloadTooLarge(pointer + " must be at most " + MAX_OTHER_BYTES + " bytes");
    }
    return read(body, value, pointer, mapper);
  }

  /**
   * Reads a value into memory.
   *
   * @throws InvalidRequest if it is nested too deeply or contains duplicate names
   */
  private static JsonNode read(
      SpooledBody body, Section value, String pointer, ObjectMapper mapper) {
    // From a text, because Jackson 2.21.0 cannot read names with escaped surrogates from bytes.
    try (Reader text =
        new InputStreamReader(body.open(value.from(), value.to()), StandardCharsets.UTF_8)) {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw InvalidRequest.field(pointer, "must be valid: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the payload into memory; it must be small. */
  JsonNode readPayload(SpooledBody body, ObjectMapper mapper) {
    return read(body, payload, PAYLOAD, mapper);
  }

  private static Map<String, String> generator(JsonNode generator) {
    if (!generator.isObject() || generator.size() > MAX_NAMES) {
      throw InvalidRequest.field(
          GENERATOR, "must be an object of at most " + MAX_NAMES + " members");
    }
    return DaneResult.generator(generator);
  }
}

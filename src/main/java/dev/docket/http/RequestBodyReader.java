package dev.docket.http;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes and validates request bodies. An invalid body results in an {@link InvalidRequest}
 * that names the field and what is allowed. The items of batches are read here. Single bodies are
 * read by Jersey, and {@link #invalid} converts their errors to the same form.
 */
public final class RequestBodyReader {

  /** The maximum length of a parser message in a response, in characters. */
  private static final int MAX_PARSER_MESSAGE_LENGTH = 200;

  private final ObjectMapper mapper;
  private final Validator validator;

  public RequestBodyReader(ObjectMapper mapper, Validator validator) {
    this.mapper = mapper;
    this.validator = validator;
  }

  /**
   * Reads one item.
   *
   * @throws InvalidRequest if it is invalid
   */
  public <T> T read(JsonNode item, Class<T> type) {
    @Nullable T body;
    try {
      body = mapper.treeToValue(item, type);
    } catch (JsonProcessingException e) {
      throw invalid(e);
    }
    return validated(body);
  }

  /** Converts a value to JSON as clients of the API see it. */
  public JsonNode tree(Object value) {
    return mapper.valueToTree(value);
  }

  private <T> T validated(@Nullable T body) {
    if (body == null) {
      throw InvalidRequest.field("", "must be a JSON object (was null)");
    }
    Set<ConstraintViolation<T>> violations = validator.validate(body);
    if (!violations.isEmpty()) {
      throw invalid(violations);
    }
    return body;
  }

  /**
   * Reads JSON text in UTF-8, without an intermediate tree.
   *
   * @throws InvalidRequest if it is not JSON, or invalid
   */
  public <T> T read(byte[] text, int from, int length, Class<T> type) {
    @Nullable T body;
    try {
      body = mapper.readValue(text, from, length, type);
    } catch (IOException e) {
      throw invalid(e);
    }
    return validated(body);
  }

  static InvalidRequest invalid(Set<? extends ConstraintViolation<?>> violations) {
    List<Problem.FieldError> errors =
        violations.stream()
            .map(v -> new Problem.FieldError(pointer(v.getPropertyPath()), v.getMessage()))
            .sorted((a, b) -> a.pointer().compareTo(b.pointer()))
            .toList();
    return InvalidRequest.of(errors);
  }

  /** Converts the failure to parse text that is in memory. */
  public static InvalidRequest invalid(IOException e) {
    return e instanceof JsonProcessingException json
        ? invalid(json)
        // The parser takes some texts for UTF-32.
        : InvalidRequest.field("", "must be JSON in UTF-8");
  }

  /** Converts a parser error: names the field, or the line and column where no field is known. */
  public static InvalidRequest invalid(JsonProcessingException e) {
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return InvalidRequest.of(
          List.of(new Problem.FieldError(pointer(mapping.getPath()), detail(mapping))));
    }
    if (e instanceof InvalidTypeIdException unknownType) {
      return InvalidRequest.of(
          List.of(new Problem.FieldError("/type", "must be " + subtypes(unknownType))));
    }
    if (e instanceof MismatchedInputException mismatch) {
      return InvalidRequest.of(List.of(new Problem.FieldError("", detail(mismatch))));
    }
    String position =
        e.getLocation() == null
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")";
    return new InvalidRequest(
        "the body is not valid JSON: " + parserMessage(e) + position, List.of());
  }

  private static String detail(JsonMappingException mapping) {
    if (mapping instanceof InvalidNullException) {
      return "must not be null";
    }
    if (mapping instanceof UnrecognizedPropertyException unknown) {
      return "is an unknown field; allowed are "
          + unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
    }
    if (mapping instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return "must be one of "
          + Arrays.stream(format.getTargetType().getEnumConstants())
              .map(RequestBodyReader::wireName)
              .toList();
    }
    if (mapping.getCause() instanceof IllegalArgumentException domain) {
      return String.valueOf(domain.getMessage());
    }
    if (mapping instanceof MismatchedInputException mismatch) {
      return "must be " + typeName(mismatch.getTargetType());
    }
    return parserMessage(mapping);
  }

  /** Jackson's message without the names of its settings; truncated, as it can repeat input. */
  private static String parserMessage(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage()).replaceAll(", from `[^`]*`", "");
    return message.length() > MAX_PARSER_MESSAGE_LENGTH
        ? message.substring(0, MAX_PARSER_MESSAGE_LENGTH) + "…"
        : message;
  }

  private static String subtypes(InvalidTypeIdException unknown) {
    Class<?> base = unknown.getBaseType().getRawClass();
    JsonSubTypes subtypes = base.getAnnotation(JsonSubTypes.class);
    return subtypes == null
        ? "a known type"
        : "one of " + Arrays.stream(subtypes.value()).map(JsonSubTypes.Type::name).toList();
  }

  private static String wireName(Object constant) {
    for (var method : constant.getClass().getMethods()) {
      if (method.isAnnotationPresent(com.fasterxml.jackson.annotation.JsonValue.class)) {
        try {
          return String.valueOf(method.invoke(constant));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return ((Enum<?>) constant).name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String typeName(@Nullable Class<?> type) {
    if (type == null) {
      return "of a different type";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a number";
    }
    if (java.util.Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    if (type == java.time.Instant.class) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    if (type == java.time.Duration.class) {
      return "an ISO 8601 duration such as PT90S or PT2H";
    }
    return "an object"
        .concat(type.isRecord() && type.getRecordComponents().length == 1 ? " or a string" : "");
  }

  private static String pointer(List<JsonMappingException.Reference> path) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      pointer.append('/');
      pointer.append(
          step.getFieldName() != null ? JsonPointers.part(step.getFieldName()) : step.getIndex());
    }
    return pointer.toString();
  }

  private static String pointer(Path path) {
    List<String> steps = new ArrayList<>();
    for (Path.Node node : path) {
      if (node.getIndex() != null) {
        steps.add(String.valueOf(node.getIndex()));
      }
      if (node.getKind() == jakarta.validation.ElementKind.PROPERTY && node.getName() != null) {
        steps.add(JsonPointers.part(snake(node.getName())));
      }
    }
    return steps.isEmpty() ? "" : "/" + String.join("/", steps);
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}

package dev.docket.http;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was sent into a record, and says of what cannot be read which field it is and what is
 * allowed. Used for the items of batches; single bodies are read by Jersey, and their errors are
 * put into the same words by {@link #invalid}.
 */
public final class RequestBodyReader {

  /** How much of the parser's own words is repeated. */
  private static final int MAX_QUOTE_LENGTH = 200;

  private final ObjectMapper mapper;
  private final Validator validator;

  public RequestBodyReader(ObjectMapper mapper, Validator validator) {
    this.mapper = mapper;
    this.validator = validator;
  }

  /**
   * Reads one item.
   *
   * @throws InvalidRequest if it is not as it must be
   */
  public <T> T read(JsonNode item, Class<T> type) {
    @Nullable T body;
    try {
      body = mapper.treeToValue(item, type);
    } catch (JsonProcessingException bad) {
      throw invalid(bad);
    }
    return checked(body);
  }

  private <T> T checked(@Nullable T body) {
    if (body == null) {
      throw InvalidRequest.field("", "must be a JSON object, was null");
    }
    Set<ConstraintViolation<T>> violations = validator.validate(body);
    if (!violations.isEmpty()) {
      throw invalid(violations);
    }
    return body;
  }

  /**
   * Reads JSON text in UTF-8, without a tree of it in between.
   *
   * @throws InvalidRequest if it is no JSON, or not as it must be
   */
  public <T> T read(byte[] text, int from, int length, Class<T> type) {
    @Nullable T body;
    try {
      body = mapper.readValue(text, from, length, type);
    } catch (JsonProcessingException bad) {
      throw invalid(bad);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return checked(body);
  }

  static InvalidRequest invalid(Set<? extends ConstraintViolation<?>> violations) {
    List<Problem.FieldError> errors =
        violations.stream()
            .map(v -> new Problem.FieldError(pointer(v.getPropertyPath()), v.getMessage()))
            .sorted((a, b) -> a.pointer().compareTo(b.pointer()))
            .toList();
    return invalid(errors);
  }

  /** Says of what cannot be read which field it is, or else where. */
  public static InvalidRequest invalid(JsonProcessingException bad) {
    if (bad instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return invalid(List.of(new Problem.FieldError(pointer(mapping.getPath()), why(mapping))));
    }
    if (bad instanceof InvalidTypeIdException kind) {
      return invalid(List.of(new Problem.FieldError("/type", "must be " + kinds(kind))));
    }
    if (bad instanceof MismatchedInputException mismatch) {
      return invalid(List.of(new Problem.FieldError("", why(mismatch))));
    }
    String where =
        bad.getLocation() == null
            ? ""
            : " (line "
                + bad.getLocation().getLineNr()
                + ", column "
                + bad.getLocation().getColumnNr()
                + ")";
    return new InvalidRequest("the body is no valid JSON: " + words(bad) + where, List.of());
  }

  private static InvalidRequest invalid(List<Problem.FieldError> errors) {
    Problem.FieldError first = errors.get(0);
    String more = errors.size() > 1 ? " (and " + (errors.size() - 1) + " more)" : "";
    String field = first.pointer().isEmpty() ? "the body" : first.pointer();
    return new InvalidRequest(field + " " + first.detail() + more, errors);
  }

  private static String why(JsonMappingException mapping) {
    if (mapping instanceof UnrecognizedPropertyException unknown) {
      return "is not known; known here: "
          + unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
    }
    if (mapping instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return "must be one of "
          + Arrays.stream(format.getTargetType().getEnumConstants())
              .map(RequestBodyReader::wire)
              .toList();
    }
    if (mapping.getCause() instanceof IllegalArgumentException domain) {
      return String.valueOf(domain.getMessage());
    }
    if (mapping instanceof MismatchedInputException mismatch) {
      return "must be " + expected(mismatch.getTargetType());
    }
    return words(mapping);
  }

  /** Jackson's own words, without what they say of its settings and repeat of the input. */
  private static String words(JsonProcessingException bad) {
    String message = String.valueOf(bad.getOriginalMessage()).replaceAll(", from `[^`]*`", "");
    return message.length() > MAX_QUOTE_LENGTH
        ? message.substring(0, MAX_QUOTE_LENGTH) + "…"
        : message;
  }

  private static String kinds(InvalidTypeIdException unknown) {
    Class<?> base = unknown.getBaseType().getRawClass();
    JsonSubTypes kinds = base.getAnnotation(JsonSubTypes.class);
    return kinds == null
        ? "another"
        : "one of " + Arrays.stream(kinds.value()).map(JsonSubTypes.Type::name).toList();
  }

  private static String wire(Object constant) {
    for (var method : constant.getClass().getMethods()) {
      if (method.isAnnotationPresent(com.fasterxml.jackson.annotation.JsonValue.class)) {
        try {
          return String.valueOf(method.invoke(constant));
        } catch (ReflectiveOperationException unexpected) {
          throw new IllegalStateException(unexpected);
        }
      }
    }
    return ((Enum<?>) constant).name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type == String.class) {
      return "a text";
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
      return "a time, as 2026-01-31T12:00:00Z";
    }
    if (type == java.time.Duration.class) {
      return "a duration in ISO 8601, as PT90S or PT2H";
    }
    return "an object"
        .concat(type.isRecord() && type.getRecordComponents().length == 1 ? " or text" : "");
  }

  private static String pointer(List<JsonMappingException.Reference> path) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      pointer.append('/');
      pointer.append(step.getFieldName() != null ? escape(step.getFieldName()) : step.getIndex());
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
        steps.add(escape(snake(node.getName())));
      }
    }
    return steps.isEmpty() ? "" : "/" + String.join("/", steps);
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}

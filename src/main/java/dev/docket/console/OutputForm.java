package dev.docket.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.manual.TaskForm;
import dev.docket.service.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form for the outputs of a task on a page, as a person has filled it in.
 *
 * @param entries the outputs of the service; empty if the key has no service with outputs
 * @param free the result if there are no outputs to fill in, as text or JSON
 * @param freeIsJson whether {@code free} is JSON
 * @param freeError what is wrong with {@code free}; null if nothing is
 * @param unknown what the person has entered into fields that the form no longer has, by their
 *     name: the outputs of the service have changed since the page was opened
 */
public record OutputForm(
    TaskForm form,
    List<OutputEntry> entries,
    String free,
    boolean freeIsJson,
    @Nullable String freeError,
    Map<String, String> unknown) {

  /** As strict as requests, and as exact. */
  static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final String FREE = "result";
  private static final String FORMAT = "format";

  public OutputForm {
    entries = List.copyOf(entries);
    unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
  }

  /** The form as a person has filled it in; an empty body stands for a new form. */
  static OutputForm of(TaskForm form, FormBody body) {
    List<OutputEntry> entries = new ArrayList<>();
    for (Field field : form.fields()) {
      entries.add(new OutputEntry(field, entries.size(), body.text(OutputEntry.name(field)), null));
    }
    return new OutputForm(
        form,
        entries,
        form.fields().isEmpty() ? body.text(FREE) : "",
        body.text(FORMAT).equals("json"),
        null,
        unknown(form, body));
  }

  private static Map<String, String> unknown(TaskForm form, FormBody body) {
    Set<String> known = form.fields().stream().map(OutputEntry::name).collect(Collectors.toSet());
    Map<String, String> unknown = new TreeMap<>();
    body.fields()
        .forEach(
            (name, text) -> {
              boolean output = OutputEntry.isName(name) && !known.contains(name);
              boolean result = name.equals(FREE) && !form.fields().isEmpty();
              if ((output || result) && !text.isBlank()) {
                unknown.put(OutputEntry.label(name), text);
              }
            });
    return unknown;
  }

  /** Whether the person has entered something. */
  boolean hasText() {
    return !free.isEmpty()
        || !unknown.isEmpty()
        || entries.stream().anyMatch(entry -> !entry.text().isEmpty());
  }

  /** Whether something is wrong with what was entered. */
  public boolean invalid() {
    return freeError != null
        || !unknown.isEmpty()
        || entries.stream().anyMatch(entry -> entry.error() != null);
  }

  /** This form with what is wrong with it. */
  OutputForm checked() {
    if (entries.isEmpty()) {
      return new OutputForm(
          form, entries, free, freeIsJson, error(this::freePayload).orElse(null), unknown);
    }
    List<OutputEntry> checked =
        entries.stream().map(entry -> entry.withError(error(entry::value).orElse(null))).toList();
    OutputForm parsed = new OutputForm(form, checked, free, freeIsJson, null, unknown);
    if (parsed.invalid()) {
      // Also says which mandatory fields are empty.
      return parsed.withViolations(violations(checked, true));
    }
    return parsed.withViolations(violations(checked, false));
  }

  private List<Problem.FieldError> violations(List<OutputEntry> parsed, boolean skipInvalid) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (OutputEntry entry : parsed) {
      if (entry.error() == null || !skipInvalid) {
        entry.value().ifPresent(value -> values.put(entry.field().name(), value));
      }
    }
    try {
      form.checked(values);
      return List.of();
    } catch (InvalidRequest invalid) {
      return invalid.errors();
    }
  }

  private OutputForm withViolations(List<Problem.FieldError> violations) {
    List<OutputEntry> all = new ArrayList<>();
    for (OutputEntry entry : entries) {
      String pointer = TaskForm.pointer(entry.field().name());
      String violation =
          violations.stream()
              .filter(error -> error.pointer().equals(pointer))
              .map(Problem.FieldError::detail)
              .findFirst()
              .orElse(null);
      all.add(entry.error() == null ? entry.withError(violation) : entry);
    }
    return new OutputForm(form, all, free, freeIsJson, freeError, unknown);
  }

  private static Optional<String> error(Supplier<?> reading) {
    try {
      var unused = reading.get();
      return Optional.empty();
    } catch (InvalidRequest invalid) {
      return Optional.of(invalid.errors().get(0).detail());
    }
  }

  /** The payload of the result; null for no result. Only of a form that is not invalid. */
  @Nullable JsonNode payload() {
    if (entries.isEmpty()) {
      return freePayload().orElse(null);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    entries.forEach(
        entry -> entry.value().ifPresent(value -> values.put(entry.field().name(), value)));
    return JSON.valueToTree(values);
  }

  private Optional<JsonNode> freePayload() {
    if (free.isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        freeIsJson
            ? parse(free)
            : JsonNodeFactory.instance.objectNode().set("text", TextNode.valueOf(free)));
  }

  /**
   * Parses JSON that a person has entered.
   *
   * @throws InvalidRequest if it is not JSON
   */
  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      throw InvalidRequest.field("", "must be JSON" + place);
    }
  }
}

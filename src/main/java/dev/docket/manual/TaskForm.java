package dev.docket.manual;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.http.InvalidRequest;
import dev.docket.http.JsonPointers;
import dev.docket.http.Problem;
import dev.docket.service.Field;
import dev.docket.service.Service;
import dev.docket.service.Services;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form for the outputs of a task: what its service produces. A site's own page can show it.
 *
 * @param title the name of the service; null if the key has none
 * @param summary one line about the work; null if unknown
 * @param description the instructions; null if there are none
 * @param fields the outputs; empty if any JSON is accepted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskForm(
    TaskKey key,
    @Nullable String title,
    @Nullable String summary,
    @Nullable String description,
    List<Field> fields) {

  private static final int MAX_ERRORS = 100;

  public TaskForm {
    fields = List.copyOf(fields);
  }

  /** The form of a key: that of its service, if it has one. */
  public static TaskForm of(TaskKey key, Services services) {
    return services
        .find(key)
        .map(TaskForm::of)
        .orElseGet(() -> new TaskForm(key, null, null, null, List.of()));
  }

  private static TaskForm of(Service service) {
    return new TaskForm(
        service.key(),
        service.name(),
        service.spec().summary(),
        service.spec().description(),
        service.spec().outputs());
  }

  /**
   * Checks outputs against the fields. Returns them without nulls, which are the same as absent
   * outputs.
   *
   * @param outputs parsed JSON
   * @throws InvalidRequest with a pointer below {@code /outputs} for each violation
   */
  public Map<String, Object> checked(@Nullable Object outputs) {
    if (!(outputs instanceof Map<?, ?> values)) {
      throw InvalidRequest.field("/outputs", "must be a JSON object with " + names());
    }
    List<Problem.FieldError> errors = new ArrayList<>();
    Map<String, Object> checked = new LinkedHashMap<>();
    for (Field field : fields) {
      Object value = values.get(field.name());
      if (value == null) {
        if (field.isMandatory()) {
          errors.add(error(field.name(), "is required"));
        }
        continue;
      }
      checked.put(field.name(), value);
      if (field.isMandatory() && value instanceof String text && text.isBlank()) {
        errors.add(error(field.name(), "must not be empty"));
        continue;
      }
      field.violation(value).ifPresent(wrong -> errors.add(error(field.name(), wrong)));
    }
    Set<String> known = fields.stream().map(Field::name).collect(Collectors.toSet());
    values.keySet().stream()
        .map(String::valueOf)
        .filter(name -> !known.contains(name))
        .limit(MAX_ERRORS)
        .forEach(name -> errors.add(error(name, "unknown output; allowed are " + names())));
    if (!errors.isEmpty()) {
      Problem.FieldError first = errors.get(0);
      throw new InvalidRequest(first.pointer() + ": " + first.detail(), errors);
    }
    return checked;
  }

  private String names() {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }

  private static Problem.FieldError error(String name, String detail) {
    return new Problem.FieldError(pointer(name), detail);
  }

  /** The pointer to an output, into the body of a request that completes a task. */
  public static String pointer(String name) {
    return "/outputs/" + JsonPointers.part(name);
  }
}

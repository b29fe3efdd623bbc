package dev.docket.service;

import dev.docket.http.JsonPointers;
import dev.docket.http.Problem.FieldError;
import dev.docket.task.ArgumentCheck;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of new tasks against the options of the service of their key, and adds
 * defaults. An argument that is null counts as absent if there is an option for it.
 */
public final class OptionCheck implements ArgumentCheck {

  private static final int MAX_SHOWN = 50;

  private final Services services;

  public OptionCheck(Services services) {
    this.services = services;
  }

  @Override
  public Checked check(TaskKey key, Map<String, @Nullable Object> args, String pointer) {
    Optional<ServiceSpec> spec = services.find(key).map(Service::spec);
    return spec.isEmpty() || spec.orElseThrow().options().isEmpty()
        ? new Checked(args, List.of())
        : check(spec.orElseThrow(), args, pointer);
  }

  private static Checked check(
      ServiceSpec spec, Map<String, @Nullable Object> args, String pointer) {
    List<FieldError> violations = new ArrayList<>();
    Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
    for (Option option : spec.options()) {
      Object value = args.get(option.name());
      String place = pointer + "/" + JsonPointers.part(option.name());
      if (value != null) {
        option.violation(value).ifPresent(rule -> violations.add(new FieldError(place, rule)));
      } else if (option.isMandatory()) {
        violations.add(new FieldError(place, "is required, and " + option.type().rule()));
      } else if (option.defaultValue() != null) {
        defaults.put(option.name(), option.defaultValue());
      }
    }
    if (spec.rejectsUnknown()) {
      violations.addAll(unknown(spec, args, pointer));
    }
    return new Checked(defaults.isEmpty() ? args : merged(args, defaults), violations);
  }

  private static List<FieldError> unknown(
      ServiceSpec spec, Map<String, @Nullable Object> args, String pointer) {
    List<String> names = spec.options().stream().map(Option::name).toList();
    List<String> shown = names.subList(0, Math.min(MAX_SHOWN, names.size()));
    return args.keySet().stream()
        .filter(name -> !names.contains(name))
        .map(
            name ->
                new FieldError(
                    pointer + "/" + JsonPointers.part(name),
                    "is an unknown argument; allowed are "
                        + String.join(", ", shown)
                        + (names.size() > MAX_SHOWN ? ", …" : "")))
        .toList();
  }

  private static Map<String, @Nullable Object> merged(
      Map<String, @Nullable Object> args, Map<String, @Nullable Object> defaults) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(args);
    merged.putAll(defaults);
    return Collections.unmodifiableMap(merged);
  }
}

package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares JSON with an expectation in which {@code $id}, {@code $time}, {@code $text}, {@code
 * $number}, {@code $list} and {@code $any} stand for values of that form. Names are compared in
 * their order.
 */
final class JsonPattern {

  private JsonPattern() {}

  /** The first difference; empty if the value is as expected. */
  static Optional<String> difference(JsonNode expected, JsonNode actual) {
    return difference("", expected, actual);
  }

  private static Optional<String> difference(String path, JsonNode expected, JsonNode actual) {
    if (expected.isTextual() && expected.textValue().startsWith("$")) {
      return matches(expected.textValue(), actual)
          ? Optional.empty()
          : wrong(path, expected, actual);
    }
    if (expected.isObject() && actual.isObject()) {
      return names(expected).equals(names(actual))
          ? expected.properties().stream()
              .map(e -> difference(path + "/" + e.getKey(), e.getValue(), actual.get(e.getKey())))
              .flatMap(Optional::stream)
              .findFirst()
          : wrong(path, expected, actual);
    }
    if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        Optional<String> difference = difference(path + "/" + i, expected.get(i), actual.get(i));
        if (difference.isPresent()) {
          return difference;
        }
      }
      return Optional.empty();
    }
    boolean equal =
        (expected.isNumber() && actual.isNumber())
            ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
            : expected.equals(actual);
    return equal ? Optional.empty() : wrong(path, expected, actual);
  }

  private static boolean matches(String pattern, JsonNode actual) {
    return switch (pattern) {
      case "$any" -> true;
      case "$list" -> actual.isArray();
      case "$number" -> actual.isIntegralNumber();
      case "$text" -> actual.isTextual();
      case "$id" -> actual.isTextual() && actual.textValue().matches("[0-9a-f]{40}");
      case "$time" ->
          actual.isTextual() && actual.textValue().matches("\\d{4}(-\\d\\d){2}T\\d\\d(:\\d\\d){2}");
      default -> throw new IllegalArgumentException(pattern + " is not a pattern");
    };
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Optional<String> wrong(String path, JsonNode expected, JsonNode actual) {
    return Optional.of(path + ": expected " + expected + " but was " + actual);
  }
}

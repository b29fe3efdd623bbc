package dev.docket.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a CSV export.
 *
 * @param name the name in the header line
 * @param path the path of its value in the JSON
 * @param form the form of its cells
 * @param excludedKeys keys of an object that have columns of their own
 */
record Column(String name, List<String> path, Form form, Set<String> excludedKeys) {

  /** The characters that start a formula in a spreadsheet. */
  private static final String FORMULA_CHARACTERS = "=+-@\t\r";

  /** The form of the cells. */
  enum Form {
    /** A text, a number or a time. */
    VALUE,
    /** Any JSON value, serialized as JSON. */
    JSON
  }

  /** A column with a simple value, by its path, such as {@code target.id}. */
  static Column value(String path) {
    return new Column(path, List.of(path.split("\\.", -1)), Form.VALUE, Set.of());
  }

  /** A column with a free-form object or a list, as JSON. */
  static Column json(String path) {
    return new Column(path, List.of(path.split("\\.", -1)), Form.JSON, Set.of());
  }

  /** A column with the remaining keys of an object, as JSON. */
  static Column extra(String path, String... excludedKeys) {
    return new Column(
        path + ".extra", List.of(path.split("\\.", -1)), Form.JSON, Set.of(excludedKeys));
  }

  /** Returns the cell of a record; null if it is empty. */
  @Nullable String cell(JsonNode root) {
    JsonNode node = root;
    for (String key : path) {
      node = node.path(key);
    }
    if (!excludedKeys.isEmpty() && node instanceof ObjectNode object) {
      ObjectNode extra = object.deepCopy().remove(excludedKeys);
      return extra.isEmpty() ? null : extra.toString();
    }
    if (node.isMissingNode() || (node.isNull() && form == Form.VALUE)) {
      return null;
    }
    return form == Form.JSON ? node.toString() : node.isTextual() ? escape(node) : node.asText();
  }

  /** Puts an apostrophe before a text that a spreadsheet would run as a formula. */
  private static String escape(JsonNode text) {
    String value = text.textValue();
    return !value.isEmpty() && FORMULA_CHARACTERS.indexOf(value.charAt(0)) >= 0
        ? "'" + value
        : value;
  }
}

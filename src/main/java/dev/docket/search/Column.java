package dev.docket.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a CSV file.
 *
 * @param name as it stands in the first line
 * @param path where its value is in the JSON
 * @param form what is in its cells
 * @param without keys of an object that have columns of their own
 */
record Column(String name, List<String> path, Form form, Set<String> without) {

  /** What a spreadsheet begins a formula with. */
  private static final String FORMULA = "=+-@\t\r";

  /** What is in the cells. */
  enum Form {
    /** A text, a number, a time. */
    VALUE,
    /** JSON, whatever its type. */
    JSON
  }

  /** Each with a value, by their paths, as {@code target.id}. */
  static Column value(String path) {
    return new Column(path, List.of(path.split("\\.", -1)), Form.VALUE, Set.of());
  }

  /** A free-form object or a list. */
  static Column json(String path) {
    return new Column(path, List.of(path.split("\\.", -1)), Form.JSON, Set.of());
  }

  /** The further keys of an object. */
  static Column extra(String path, String... without) {
    return new Column(path + ".extra", List.of(path.split("\\.", -1)), Form.JSON, Set.of(without));
  }

  /** What is in the cell; null: nothing. */
  @Nullable String cell(JsonNode whole) {
    JsonNode node = whole;
    for (String step : path) {
      node = node.path(step);
    }
    if (!without.isEmpty() && node instanceof ObjectNode object) {
      ObjectNode rest = object.deepCopy().remove(without);
      return rest.isEmpty() ? null : rest.toString();
    }
    if (node.isMissingNode() || (node.isNull() && form == Form.VALUE)) {
      return null;
    }
    return form == Form.JSON ? node.toString() : node.isTextual() ? safe(node) : node.asText();
  }

  private static String safe(JsonNode text) {
    String value = text.textValue();
    return !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
  }
}

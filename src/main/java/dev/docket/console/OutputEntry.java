package dev.docket.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.InvalidRequest;
import dev.docket.service.Field;
import dev.docket.service.ValueType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of a page's form for one output, as a person has filled it in.
 *
 * @param number the position in the form, from 0
 * @param text what the person has entered; empty for nothing
 * @param error what is wrong with it; null if nothing is
 */
public record OutputEntry(Field field, int number, String text, @Nullable String error) {

  /** How a person enters a value. */
  public enum Widget {
    CHOICE,
    LINE,
    PARAGRAPHS,
    NUMBER,
    JSON
  }

  /**
   * A value to choose.
   *
   * @param text the value as JSON, which the form sends
   */
  public record Choice(String text, String label) {}

  private static final String PREFIX = "output.";

  /** The name of the field in the form. */
  static String name(Field field) {
    return PREFIX + field.name();
  }

  /** Whether a form field of this name is an output. */
  static boolean isName(String name) {
    return name.startsWith(PREFIX);
  }

  /** The name of an output, or another form field. */
  static String label(String name) {
    return isName(name) ? name.substring(PREFIX.length()) : name;
  }

  OutputEntry withError(@Nullable String newError) {
    return new OutputEntry(field, number, text, newError);
  }

  public String name() {
    return name(field);
  }

  public String id() {
    return "output-" + number;
  }

  public String label() {
    String title = field.title();
    return title == null || title.isBlank() ? field.name() : title;
  }

  public Widget widget() {
    if (!field.allowed().isEmpty() || field.type() == ValueType.BOOLEAN) {
      return Widget.CHOICE;
    }
    return switch (field.type()) {
      case STRING, FILE -> Widget.LINE;
      case TEXT -> Widget.PARAGRAPHS;
      case INTEGER, NUMBER -> Widget.NUMBER;
      case ARRAY, OBJECT -> Widget.JSON;
      case BOOLEAN -> Widget.CHOICE;
    };
  }

  /** The values to choose from; empty unless the widget is {@link Widget#CHOICE}. */
  public List<Choice> choices() {
    if (!field.allowed().isEmpty()) {
      return field.allowed().stream().map(OutputEntry::choice).toList();
    }
    return field.type() == ValueType.BOOLEAN
        ? List.of(new Choice("true", "Yes"), new Choice("false", "No"))
        : List.of();
  }

  private static Choice choice(Object value) {
    String json = OutputForm.JSON.valueToTree(value).toString();
    return new Choice(json, value instanceof Boolean yes ? yesOrNo(yes) : plain(value, json));
  }

  private static String yesOrNo(boolean yes) {
    return yes ? "Yes" : "No";
  }

  private static String plain(Object value, String json) {
    return value instanceof String text && !text.isBlank() ? text : json;
  }

  /** What is expected besides the type, for people; empty if nothing is. */
  public String hint() {
    String types = String.join(" or ", field.mediaTypes());
    return switch (field.type()) {
      case STRING, TEXT -> types.isEmpty() ? "" : "As " + types + ".";
      case FILE -> types.isEmpty() ? "The name of a file." : "The name of a file, " + types + ".";
      case INTEGER -> field.allowed().isEmpty() ? "A whole number." : "";
      case NUMBER -> field.allowed().isEmpty() ? "A number, such as 12.5." : "";
      case ARRAY -> "A JSON array, such as [\"a\", \"b\"].";
      case OBJECT -> "A JSON object, such as {\"a\": 1}.";
      case BOOLEAN -> "";
    };
  }

  /**
   * The value that the text stands for, as parsed JSON; empty if nothing was entered.
   *
   * @throws InvalidRequest if it is no value of this type
   */
  Optional<Object> value() {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (widget()) {
      case LINE, PARAGRAPHS -> Optional.of(text);
      case NUMBER -> Numerals.parse(text, field.type() == ValueType.INTEGER);
      case CHOICE -> Optional.of(chosen());
      case JSON -> text.isBlank() ? Optional.empty() : parsed();
    };
  }

  private Object chosen() {
    for (Object allowed : field.allowed()) {
      if (choice(allowed).text().equals(text)) {
        return allowed;
      }
    }
    if (field.allowed().isEmpty() && (text.equals("true") || text.equals("false"))) {
      return Boolean.valueOf(text);
    }
    throw InvalidRequest.field("", "must be one of the choices");
  }

  private Optional<Object> parsed() {
    JsonNode json = OutputForm.parse(text);
    return Optional.ofNullable(OutputForm.JSON.convertValue(json, Object.class));
  }
}

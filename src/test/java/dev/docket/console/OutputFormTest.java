package dev.docket.console;

import static dev.docket.manual.FormSamples.field;
import static dev.docket.manual.FormSamples.form;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.manual.TaskForm;
import dev.docket.service.Field;
import dev.docket.service.ValueType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutputFormTest {

  private static OutputForm filled(TaskForm form, Map<String, String> fields) {
    return OutputForm.of(form, new FormBody(fields)).checked();
  }

  private static OutputForm filled(Field field, String text) {
    return filled(form(field), Map.of(OutputEntry.name(field), text));
  }

  @Test
  void keepsTextOfFieldsThatTheFormNoLongerHas() {
    OutputForm form =
        filled(
            form(field("body", ValueType.TEXT, false)),
            Map.of("output.text", "an hour of work", "output.empty", " ", "attempt", "1"));

    assertThat(form.invalid()).isTrue();
    assertThat(form.hasText()).isTrue();
    assertThat(form.unknown()).isEqualTo(Map.of("text", "an hour of work"));
  }

  @Test
  void keepsFreeResultOfFormThatHasFieldsNow() {
    OutputForm form =
        filled(form(field("body", ValueType.TEXT, false)), Map.of("result", "an hour of work"));

    assertThat(form.unknown()).isEqualTo(Map.of("result", "an hour of work"));
  }

  @Test
  void mandatoryTextMustNotBeBlank() {
    assertThat(filled(field("x", ValueType.TEXT, true), "  ").invalid()).isTrue();
    assertThat(filled(field("x", ValueType.TEXT, false), "  ").invalid()).isFalse();
  }

  private static JsonNode payload(OutputForm form) {
    assertThat(form.invalid()).isFalse();
    return form.payload();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STRING | Dear Ada | {\"x\":\"Dear Ada\"}",
        "TEXT | שלום | {\"x\":\"שלום\"}",
        "FILE | scan.tif | {\"x\":\"scan.tif\"}",
        "INTEGER | 12 | {\"x\":12}",
        "INTEGER | −12 | {\"x\":-12}",
        "INTEGER | ١٢ | {\"x\":12}",
        "INTEGER | 123456789012345678901234567890 | {\"x\":123456789012345678901234567890}",
        "NUMBER | 12.5 | {\"x\":12.5}",
        "NUMBER | .5 | {\"x\":0.5}",
        "NUMBER | ٣٫٥ | {\"x\":3.5}",
        "BOOLEAN | true | {\"x\":true}",
        "BOOLEAN | false | {\"x\":false}",
        "ARRAY | [1, \"a\"] | {\"x\":[1,\"a\"]}",
        "OBJECT | {\"a\": null} | {\"x\":{\"a\":null}}"
      })
  void readsValueOfType(ValueType type, String text, String expected) {
    assertThat(payload(filled(field("x", type, true), text))).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INTEGER | 1.5 | must be a whole number",
        "INTEGER | three | must be a whole number",
        "NUMBER | 1,5 | with a point before the fraction",
        "NUMBER | 1e9999 | with a point before the fraction",
        "NUMBER | NaN | with a point before the fraction",
        "BOOLEAN | maybe | must be one of the choices",
        "ARRAY | {} | must be an array",
        "ARRAY | [1 | must be JSON (line 1",
        "OBJECT | {\"a\":1,\"a\":2} | must be JSON",
        "OBJECT | {} x | must be JSON",
        "OBJECT | [] | must be an object"
      })
  void saysWhatIsWrongAndKeepsTheText(ValueType type, String text, String error) {
    OutputEntry entry = filled(field("x", type, false), text).entries().get(0);

    assertThat(entry.error()).contains(error);
    assertThat(entry.text()).isEqualTo(text);
  }

  @Test
  void limitsLengthOfNumbers() {
    assertThat(filled(field("x", ValueType.INTEGER, true), "9".repeat(101)).invalid()).isTrue();
  }

  @Test
  void omitsWhatIsEmpty() {
    TaskForm form =
        form(
            field("a", ValueType.STRING, false),
            field("b", ValueType.INTEGER, false),
            field("c", ValueType.OBJECT, false),
            field("d", ValueType.STRING, false, "x"));

    assertThat(payload(filled(form, Map.of("output.b", " ", "output.c", "\n")))).hasToString("{}");
  }

  @Test
  void namesAllMissingAndWrongFieldsAtOnce() {
    TaskForm form =
        form(
            field("a", ValueType.STRING, true),
            field("b", ValueType.INTEGER, true),
            field("c", ValueType.STRING, false));
    OutputForm filled = filled(form, Map.of("output.b", "x", "output.c", "fine"));

    assertThat(filled.entries())
        .extracting(OutputEntry::error)
        .satisfiesExactly(
            a -> assertThat(a).isEqualTo("is required"),
            b -> assertThat(b).contains("whole number"),
            c -> assertThat(c).isNull());
  }

  @Test
  void choicesKeepTheTypeOfTheirValues() {
    Field field = field("x", ValueType.NUMBER, true, 1, 2.5);

    OutputEntry entry = filled(field, "2.5").entries().get(0);
    assertThat(entry.choices()).extracting(OutputEntry.Choice::label).containsExactly("1", "2.5");
    assertThat(payload(filled(field, "2.5"))).hasToString("{\"x\":2.5}");
    assertThat(payload(filled(field("x", ValueType.STRING, true, "a b", "true"), "\"true\"")))
        .hasToString("{\"x\":\"true\"}");
    assertThat(filled(field, "3").entries().get(0).error()).isEqualTo("must be one of the choices");
  }

  @Test
  void acceptsTextOrJsonWithoutOutputs() {
    TaskForm free = form();

    assertThat(payload(filled(free, Map.of("result", "Dear Ada\n"))))
        .hasToString("{\"text\":\"Dear Ada\\n\"}");
    assertThat(payload(filled(free, Map.of("result", "[1]", "format", "json")))).hasToString("[1]");
    assertThat(payload(filled(free, Map.of("result", "  ")))).isNull();
    assertThat(filled(free, Map.of("result", "[1", "format", "json")).freeError())
        .contains("must be JSON");
  }
}

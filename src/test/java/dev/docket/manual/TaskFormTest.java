package dev.docket.manual;

import static dev.docket.manual.FormSamples.field;
import static dev.docket.manual.FormSamples.form;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem.FieldError;
import dev.docket.service.ValueType;
import dev.docket.task.TaskKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TaskFormTest {

  private static final TaskForm FORM =
      form(
          field("text", ValueType.TEXT, true),
          field("pages", ValueType.INTEGER, false),
          field("hand", ValueType.STRING, false, "legible", "illegible"),
          field("a/b~c", ValueType.BOOLEAN, true));

  private static List<FieldError> errors(TaskForm form, Object outputs) {
    return catchThrowableOfType(InvalidRequest.class, () -> form.checked(outputs)).errors();
  }

  @Test
  void returnsValidOutputsInTheOrderOfTheFieldsWithoutNulls() {
    Map<String, Object> outputs = new HashMap<>();
    outputs.put("a/b~c", true);
    outputs.put("pages", null);
    outputs.put("text", "שרה");

    assertThat(FORM.checked(outputs))
        .containsExactly(Map.entry("text", "שרה"), Map.entry("a/b~c", true));
  }

  @Test
  void mandatoryTextMustNotBeBlank() {
    assertThat(errors(FORM, Map.of("text", " \n", "a/b~c", true)))
        .containsExactly(new FieldError("/outputs/text", "must not be empty"));
  }

  @Test
  void namesEachViolationWithItsPointer() {
    assertThat(errors(FORM, Map.of("pages", "three", "hand", "ugly", "pgaes", 3, "a/b~c", "yes")))
        .extracting(FieldError::pointer)
        .containsExactly(
            "/outputs/text",
            "/outputs/pages",
            "/outputs/hand",
            "/outputs/a~1b~0c",
            "/outputs/pgaes");
  }

  @Test
  void saysWhatIsAllowed() {
    assertThat(errors(FORM, Map.of("text", 1, "a/b~c", true, "hand", "ugly", "x", 1)))
        .extracting(FieldError::detail)
        .containsExactly(
            "must be a string",
            "must be one of [legible, illegible]",
            "unknown output; allowed are text, pages, hand, a/b~c");
    assertThat(errors(FORM, List.of()))
        .containsExactly(
            new FieldError("/outputs", "must be a JSON object with text, pages, hand, a/b~c"));
    assertThat(errors(FORM, null)).extracting(FieldError::pointer).containsExactly("/outputs");
  }

  @Test
  void keyWithoutServiceHasNoFields() {
    TaskForm form = TaskForm.of(new TaskKey("ANY"), key -> Optional.empty());

    assertThat(form.fields()).isEmpty();
    assertThat(form.title()).isNull();
  }
}

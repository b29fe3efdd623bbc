package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NeededTask;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  private static final RunItems ITEMS = new RunItems("tester", Samples.run("t1"), "claim");

  @Test
  void eachOutcomeHasItsState() {
    assertThat(
            List.of(
                Outcome.success(""),
                Outcome.giveBack(""),
                Outcome.badRequest(""),
                Outcome.accessDenied(""),
                Outcome.notFound(""),
                Outcome.needs("OCR"),
                Outcome.error(""),
                Outcome.invalidInput(""),
                Outcome.unavailable("")))
        .extracting(Outcome::state)
        .containsExactly(200, 201, 400, 403, 404, 412, 500, 502, 503);
  }

  @Test
  void rejectsInvalidStatesAndEmptyNeeds() {
    assertThatThrownBy(() -> new Outcome.Failure(422, "no"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("422");
    assertThatThrownBy(() -> new Outcome.Needs("no", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void successIncludesResults() {
    ReportItem.Complete item =
        (ReportItem.Complete)
            ITEMS.end(Outcome.success("done").result(Map.of("words", 12)).result("text"), null);
    assertThat(item.state()).isEqualTo(200);
    assertThat(item.results())
        .extracting(result -> result.payload().toString())
        .containsExactly("{\"words\":12}", "\"text\"");
    assertThat(item.dependencies()).isNull();
  }

  @Test
  void addingResultReturnsCopy() {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode tree = mapper.createObjectNode().put("words", 12);
    Outcome.Success before = Outcome.success("done");
    Outcome.Success after = before.result(tree);
    assertThat(before.results()).isEmpty();
    assertThat(after.results()).hasSize(1);
  }

  @Test
  void needsIncludeArguments() {
    ReportItem.Complete item =
        (ReportItem.Complete)
            ITEMS.end(Outcome.needs("OCR", "LAYOUT").and("LANGUAGE", Map.of("of", "text")), null);
    assertThat(item.state()).isEqualTo(412);
    assertThat(item.message()).isEqualTo("needs OCR, LAYOUT, LANGUAGE");
    assertThat(item.results()).isNull();
    assertThat(item.dependencies())
        .containsExactly(
            new NeededTask("OCR", null),
            new NeededTask("LAYOUT", null),
            new NeededTask("LANGUAGE", Map.of("of", "text")));
  }

  @Test
  void giveBackIsSeparateItem() {
    assertThat(ITEMS.end(Outcome.giveBack("no graphics card"), null))
        .isEqualTo(
            new ReportItem.GiveBack("tester", "t1", 1, "run-of-t1", "claim", "no graphics card"));
  }

  @Test
  void truncatesAndSanitizesMessages() {
    assertThat(Outcome.error(null).message()).isEmpty();
    assertThat(Outcome.error("x".repeat(5_000)).message()).hasSize(4_096);
    assertThat(Outcome.error("a\ud83cb").message()).isEqualTo("a\ufffdb");
    assertThat(Outcome.error("x".repeat(4_095) + "🎬").message())
        .isEqualTo("x".repeat(4_095) + "\ufffd");
    assertThat(Outcome.error("Ἰλιάς 日本語 🎬 العربية").message()).isEqualTo("Ἰλιάς 日本語 🎬 العربية");
  }
}

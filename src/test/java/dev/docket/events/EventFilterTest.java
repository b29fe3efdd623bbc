package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.docket.auth.OwnerFilter;
import dev.docket.http.InvalidRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventFilterTest {

  private static JsonNode event(String key, String document, String creator, int state) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("key", key)
        .put("document_id", document)
        .put("creator_id", creator)
        .put("state", state);
  }

  private static boolean matches(Map<String, List<String>> parameters) {
    return EventFilter.read(parameters, OwnerFilter.ALL).matches(event("ASR", "d1", "архив", 200));
  }

  @Test
  void matchesAllEventsWithoutParameters() {
    assertThat(matches(Map.of())).isTrue();
  }

  @Test
  void matchesAnyValueOfEveryParameter() {
    assertThat(matches(Map.of("key", List.of("OCR", "asr")))).isTrue();
    assertThat(matches(Map.of("key", List.of("OCR")))).isFalse();
    assertThat(matches(Map.of("document_id", List.of("d1"), "creator", List.of("архив")))).isTrue();
    assertThat(matches(Map.of("document_id", List.of("d2"), "creator", List.of("архив"))))
        .isFalse();
    assertThat(matches(Map.of("creator", List.of("Архив")))).isFalse();
    assertThat(matches(Map.of("state", List.of("ERROR", "200")))).isTrue();
    assertThat(matches(Map.of("state", List.of("success")))).isTrue();
    assertThat(matches(Map.of("state", List.of("102")))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key|a b|A-Z",
        "key|''|empty",
        "document_id|ä|A-Z",
        "creator|''|empty",
        "state|7|one of",
        "state|done|number or the name",
        "kye|ASR|unknown parameter; allowed are [creator, document_id, key, state]",
      })
  void rejectsInvalidValuesByParameter(String name, String value, String text) {
    assertThatThrownBy(() -> EventFilter.read(Map.of(name, List.of(value)), OwnerFilter.ALL))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(name + ":")
        .hasMessageContaining(text);
  }

  @Test
  void rejectsMoreThanHundredValues() {
    assertThatThrownBy(
            () -> EventFilter.read(Map.of("key", Collections.nCopies(101, "A")), OwnerFilter.ALL))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("at most 100");
  }
}

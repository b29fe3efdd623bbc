package dev.docket.elastic.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SearchableCopyTest {

  @Test
  void copiesValuesAsText() {
    Map<String, Object> original =
        Map.of(
            "title",
            "Night Watch",
            "year",
            1642,
            "width",
            new BigDecimal("4.370"),
            "loan",
            false,
            "people",
            List.of("Cocq", Map.of("name", "Ruytenburch")));
    assertThat(SearchableCopy.of(original))
        .isEqualTo(
            Map.of(
                "title", "Night Watch",
                "year", "1642",
                "width", "4.370",
                "loan", "false",
                "people", List.of("Cocq", Map.of("name", "Ruytenburch"))));
  }

  @Test
  void returnsNullWithoutSearchableValues() {
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("a", null);
    nothing.put("b", Map.of());
    nothing.put("c", Arrays.asList(null, null));
    assertThat(SearchableCopy.of(nothing)).isNull();
    assertThat(SearchableCopy.of(Map.of())).isNull();
    assertThat(SearchableCopy.of(NullNode.instance)).isNull();
  }

  @Test
  void namesValueThatIsNotAnObject() {
    assertThat(SearchableCopy.of(IntNode.valueOf(7))).isEqualTo(Map.of("value", "7"));
    assertThat(SearchableCopy.of(JsonNodeFactory.instance.arrayNode().add("a").add("b")))
        .isEqualTo(Map.of("value", List.of("a", "b")));
  }

  @Test
  void keepsTenLevels() {
    assertThat(depth(SearchableCopy.of(nested(10)))).isEqualTo(10);
    assertThat(SearchableCopy.of(nested(11))).isNull();
    Map<String, Object> mixed = Map.of("deep", nested(500), "flat", "x");
    assertThat(SearchableCopy.of(mixed)).isEqualTo(Map.of("flat", "x"));
  }

  private static Map<String, Object> nested(int depth) {
    Map<String, Object> inner = Map.of("leaf", "x");
    for (int i = 1; i < depth; i++) {
      inner = Map.of("k", inner);
    }
    return inner;
  }

  private static int depth(Object value) {
    return value instanceof Map<?, ?> map ? 1 + depth(map.values().iterator().next()) : 0;
  }

  @Test
  void keepsTwoHundredValues() {
    Map<String, Object> many =
        IntStream.range(0, 300).boxed().collect(Collectors.toMap(i -> "k" + i, i -> i));
    assertThat(SearchableCopy.of(many)).hasSize(200);
    Map<String, Object> list = Map.of("k", IntStream.range(0, 300).boxed().toList());
    assertThat(SearchableCopy.texts(SearchableCopy.of(list))).hasSize(200).startsWith("0", "1");
  }

  @Test
  void truncatesKeysAndValuesBetweenCharacters() {
    String key = "k".repeat(255) + "\uD83D\uDCFC";
    String value = "v".repeat(999) + "\uD83D\uDCFC" + "more";
    assertThat(SearchableCopy.of(Map.of(key, value)))
        .isEqualTo(Map.of("k".repeat(255), "v".repeat(999)));
  }

  @Test
  void replacesNul() {
    assertThat(SearchableCopy.of(Map.of("a\0b", "c\0"))).isEqualTo(Map.of("a\uFFFDb", "c\uFFFD"));
  }

  @Test
  void textsAreAllValues() {
    Map<String, Object> original =
        Map.of("a", List.of("one", Map.of("b", List.of(List.of("two")))));
    assertThat(SearchableCopy.texts(SearchableCopy.of(original))).containsExactly("one", "two");
    assertThat(SearchableCopy.texts(null)).isEmpty();
  }
}

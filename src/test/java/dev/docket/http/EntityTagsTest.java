package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntityTagsTest {

  private static EntityTags read(String... values) {
    return EntityTags.read("If-Match", List.of(values)).orElseThrow();
  }

  @Test
  void distinguishesStrongAndWeakTags() {
    EntityTags tags = read("\"a\", W/\"b\"", "\"\"");
    assertThat(tags.matchStrongly("\"a\"")).isTrue();
    assertThat(tags.matchStrongly("\"\"")).isTrue();
    assertThat(tags.matchStrongly("\"b\"")).isFalse();
    assertThat(tags.match("\"b\"")).isTrue();
    assertThat(tags.match("\"c\"")).isFalse();
    assertThat(read(" * ").matchStrongly("\"c\"")).isTrue();
    assertThat(EntityTags.read("If-Match", List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\"a",
        "\"a\" \"b\"",
        "\"a\",",
        ",\"a\"",
        "w/\"a\"",
        "*,\"a\"",
        "\"a b\""
      })
  void rejectsInvalidHeaderByName(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("If-Match:");
  }
}

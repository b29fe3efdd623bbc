package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.InvalidRequest;
import java.util.List;
import java.util.Map;
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

  @Test
  void tagIdentifiesRegistration() {
    Document first = DocumentSamples.document("t", TargetType.TEXT, "c", Map.of("a", 1));
    String tag = EntityTags.of(first);

    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    assertThat(EntityTags.of(first.asDeleted(first.updatedAt()).restored())).isEqualTo(tag);
    assertThat(EntityTags.of(DocumentSamples.createdAt(first, first.createdAt().plusMillis(1))))
        .isNotEqualTo(tag);
    assertThat(EntityTags.of(DocumentSamples.document("t", TargetType.TEXT, "c", Map.of("a", 1))))
        .isNotEqualTo(tag);
  }
}

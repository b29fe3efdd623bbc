package dev.docket.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentTagTest {

  @Test
  void tagIdentifiesRegistration() {
    Document first = DocumentSamples.document("t", TargetType.TEXT, "c", Map.of("a", 1));
    String tag = DocumentTag.of(first);

    assertThat(tag).matches("\"[0-9a-f]{32}\"");
    assertThat(DocumentTag.of(first.asDeleted(first.updatedAt()).restored())).isEqualTo(tag);
    assertThat(DocumentTag.of(DocumentSamples.createdAt(first, first.createdAt().plusMillis(1))))
        .isNotEqualTo(tag);
    assertThat(DocumentTag.of(DocumentSamples.document("t", TargetType.TEXT, "c", Map.of("a", 1))))
        .isNotEqualTo(tag);
  }
}

package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextPatternTest {

  @Test
  void patternWithoutWildcardsIsExact() {
    TextPattern exact = new TextPattern("a/b \"c\" [d]");
    assertThat(exact.exact()).isTrue();
    assertThat(exact.prefix()).isFalse();
    assertThat(exact.literal()).isEqualTo("a/b \"c\" [d]");
  }

  @Test
  void backslashEscapesNextCharacter() {
    TextPattern exact = new TextPattern("a\\*b\\?c\\\\d\\e");
    assertThat(exact.exact()).isTrue();
    assertThat(exact.literal()).isEqualTo("a*b?c\\de");
  }

  @Test
  void patternWithSingleTrailingStarIsPrefix() {
    assertThat(new TextPattern("ab*").prefix()).isTrue();
    assertThat(new TextPattern("a\\*b*").literal()).isEqualTo("a*b");
    assertThat(new TextPattern("*").prefix()).isTrue();
    assertThat(new TextPattern("ab\\*").prefix()).isFalse();
    assertThat(new TextPattern("a*b*").prefix()).isFalse();
    assertThat(new TextPattern("ab?").prefix()).isFalse();
    assertThat(new TextPattern("ab?").exact()).isFalse();
  }

  @Test
  void matchesWholeTexts() {
    assertThat(new TextPattern("4*").matches("412")).isTrue();
    assertThat(new TextPattern("4*").matches("204")).isFalse();
    assertThat(new TextPattern("*1?").matches("412")).isTrue();
    assertThat(new TextPattern("4?").matches("412")).isFalse();
    assertThat(new TextPattern("4**").matches("4")).isTrue();
    assertThat(new TextPattern("\\*").matches("*")).isTrue();
    assertThat(new TextPattern("\\*").matches("4")).isFalse();
    assertThat(new TextPattern("*a*b").matches("aab")).isTrue();
    assertThat(new TextPattern("*a*b").matches("aba")).isFalse();
  }

  @Test
  void onlyStarsMatchEveryText() {
    assertThat(new TextPattern("*").any()).isTrue();
    assertThat(new TextPattern("**").any()).isTrue();
    assertThat(new TextPattern("").any()).isFalse();
    assertThat(new TextPattern("*a").any()).isFalse();
    assertThat(new TextPattern("?").any()).isFalse();
    assertThat(new TextPattern("\\*").any()).isFalse();
  }

  @Test
  void rejectsInvalidPatterns() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TextPattern("a\\"));
    assertThatIllegalArgumentException().isThrownBy(() -> new TextPattern("a\\\\\\"));
    assertThatIllegalArgumentException().isThrownBy(() -> new TextPattern("x".repeat(8_193)));
    assertThatIllegalArgumentException().isThrownBy(() -> new TextPattern("x".repeat(256) + "*"));
    assertThatIllegalArgumentException().isThrownBy(() -> new TextPattern("*a".repeat(17)));
    assertThat(new TextPattern("x".repeat(8_192)).exact()).isTrue();
    assertThat(new TextPattern("\\*".repeat(1_000)).exact()).isTrue();
  }

  @Test
  void literalMatchesExactlyItsText() {
    for (String text :
        List.of("a*b?c\\", "\\", "*", "\\*", "", "\u6f22\u5b57 \ud83d\udcfc", "*".repeat(8_192))) {
      assertThat(TextPattern.literal(text).exact()).isTrue();
      assertThat(TextPattern.literal(text).literal()).isEqualTo(text);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextPattern.literal("*".repeat(8_193)))
        .withMessageContaining("8192");
  }

  @Test
  void starsTreatsOnlyStarsAsWildcards() {
    assertThat(TextPattern.stars("a?b\\*")).isEqualTo(new TextPattern("a\\?b\\\\*"));
    assertThat(TextPattern.stars("a?b\\*").prefix()).isTrue();
    assertThat(TextPattern.stars("a?b\\*").literal()).isEqualTo("a?b\\");
    assertThat(TextPattern.stars("what?").exact()).isTrue();
  }
}

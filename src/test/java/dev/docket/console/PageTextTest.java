package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PageTextTest {

  @Test
  void keepsTextOfAnyScript() {
    assertThat(PageText.line("Ошибка: שגיאה 👩‍🚀")).isEqualTo("Ошибка: שגיאה 👩‍🚀");
  }

  @Test
  void escapesControlCharactersAndChangesOfDirection() {
    assertThat(PageText.line("a\u0000b\nc\u202ed\u2066e\u001b[31m"))
        .isEqualTo("a\\u0000b\\nc\\u202ed\\u2066e\\u001b[31m");
  }

  @Test
  void truncatesBetweenCodePoints() {
    assertThat(PageText.line("👩".repeat(300))).isEqualTo("👩".repeat(300));
    assertThat(PageText.line("👩".repeat(20_000))).isEqualTo("👩".repeat(300) + "…");
  }

  @Test
  void unknownNumbersAreADash() {
    assertThat(PageText.known(null)).isEqualTo("–");
    assertThat(PageText.known(0L)).isEqualTo("0");
  }
}

package dev.docket.joblog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogTextTest {

  @Test
  void splitsAtLineBreaksOfAllSystems() {
    assertThat(LogText.lines("a\nb\r\nc\rd\u2028e\n", 100))
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(LogText.lines("a\n\nb", 100)).containsExactly("a", "", "b");
    assertThat(LogText.lines("", 100)).containsExactly("");
  }

  @Test
  void keepsTextOfAnyScript() {
    String text = "Straße\t日本語 עברית 🎞️ e\u0301";
    assertThat(LogText.lines(text, 100)).containsExactly(text);
  }

  @Test
  void replacesWhatCannotBeStoredOrShown() {
    assertThat(LogText.lines("a\0b\u0007c\ud800d\udc00\u009be", 100))
        .containsExactly("a\ufffdb\ufffdc\ufffdd\ufffd\ufffde");
  }

  @Test
  void removesColors() {
    assertThat(LogText.lines("\u001b[1;31mred\u001b[0m \u001b[2K", 100)).containsExactly("red ");
    assertThat(LogText.lines("\u001b]0;title", 100)).containsExactly("\ufffd]0;title");
  }

  @Test
  void cutsLongLinesAndSaysSo() {
    assertThat(LogText.lines("x".repeat(11) + "\nshort", 10))
        .containsExactly("x".repeat(10) + " … [cut; the line had 11 characters]", "short");
    assertThat(LogText.lines("x".repeat(9) + "🎞 more", 10).get(0))
        .startsWith("x".repeat(9) + " …");
  }
}

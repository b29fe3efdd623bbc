package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTableTest {

  @ParameterizedTest
  @CsvSource({
    "letter.txt,10",
    "Опись,5",
    "手紙.txt,8",
    "한글,4",
    "ｶﾅ,2",
    "पत्र,3",
    "e\u0301,1",
    "\uD83D\uDCDC,2",
    "\uD842\uDFB7,2",
    "\u200Ea\u200F,1",
  })
  void computesTerminalWidth(String text, int columns) {
    assertThat(TextWidth.of(text)).isEqualTo(columns);
  }

  @Test
  void alignsColumnsInAnyScript() {
    TextTable table =
        new TextTable(TextTable.Column.left("file", 20), TextTable.Column.right("size", 9));
    table.add("手紙.txt", "194");
    table.add("Опись.txt", "5,242,880");
    table.add("e\u0301te\u0301", "7");
    assertThat(table.lines())
        .containsExactly(
            "file            size",
            "---------  ---------",
            "手紙.txt         194",
            "Опись.txt  5,242,880",
            "e\u0301te\u0301                7");
  }

  @Test
  void addsDirectionMarkAfterRightToLeftText() {
    assertThat(TextWidth.padded("מכתב", 6, false)).isEqualTo("מכתב\u200E  ");
  }

  @ParameterizedTest
  @CsvSource({
    "short.txt,20,short.txt",
    "a-very-long-name-indeed.txt,12,a-very-….txt",
  })
  void shortensLongNamesInTheMiddle(String name, int columns, String cut) {
    assertThat(TextWidth.cut(name, columns)).isEqualTo(cut);
  }

  @Test
  void respectsWidthAndKeepsCharactersWhole() {
    for (String name :
        List.of("長い名前のファイルです.txt", "\uD83D\uDCDC".repeat(30), "e\u0301".repeat(40))) {
      for (int columns = 3; columns < 30; columns++) {
        String cut = TextWidth.cut(name, columns);
        assertThat(TextWidth.of(cut)).isLessThanOrEqualTo(columns);
        assertThat(cut.codePoints().noneMatch(each -> Character.getType(each) == 19)).isTrue();
        assertThat(cut).doesNotContain("\u2026\u0301");
      }
    }
  }

  @Test
  void replacesControlCharacters() {
    assertThat(TextWidth.printable("a\nb\u001B[2Jc\u2028d")).isEqualTo("a?b?[2Jc?d");
  }
}

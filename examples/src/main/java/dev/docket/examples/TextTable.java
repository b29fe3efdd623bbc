package dev.docket.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A text table for a terminal. Columns stay aligned whatever script their text is in. */
final class TextTable {

  private static final String GAP = "  ";

  /**
   * A column of the table.
   *
   * @param maxWidth maximum width in terminal columns; longer text is shortened
   * @param right whether the text is right-aligned
   */
  record Column(String title, int maxWidth, boolean right) {
    static Column left(String title, int maxWidth) {
      return new Column(title, maxWidth, false);
    }

    static Column right(String title, int maxWidth) {
      return new Column(title, maxWidth, true);
    }

    private String fitted(String cell) {
      return TextWidth.cut(TextWidth.printable(cell), maxWidth);
    }
  }

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(Column... columns) {
    this.columns = List.of(columns);
    rows.add(this.columns.stream().map(Column::title).toList());
  }

  void add(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "expected " + columns.size() + " cells (was " + cells.length + ")");
    }
    rows.add(
        IntStream.range(0, cells.length).mapToObj(i -> columns.get(i).fitted(cells[i])).toList());
  }

  /** The header, a separator line and one line for each row, without trailing spaces. */
  List<String> lines() {
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], TextWidth.of(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(line(row, widths)));
    List<String> separator = IntStream.of(widths).mapToObj("-"::repeat).toList();
    lines.add(1, line(separator, widths));
    return lines;
  }

  private String line(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      cells.add(TextWidth.padded(row.get(i), widths[i], columns.get(i).right()));
    }
    return String.join(GAP, cells).stripTrailing();
  }
}

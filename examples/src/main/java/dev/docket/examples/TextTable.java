package dev.docket.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table for a terminal, whose columns stay aligned in every script. */
final class TextTable {

  private static final String GAP = "  ";

  /**
   * A column.
   *
   * @param limit columns of the terminal that it may take; more is cut
   */
  record Column(String title, int limit, boolean right) {
    static Column left(String title, int limit) {
      return new Column(title, limit, false);
    }

    static Column right(String title, int limit) {
      return new Column(title, limit, true);
    }

    private String fitted(String cell) {
      return TextWidth.cut(TextWidth.printable(cell), limit);
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
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    rows.add(
        IntStream.range(0, cells.length).mapToObj(i -> columns.get(i).fitted(cells[i])).toList());
  }

  /** The title, a rule, and a line for each row, without spaces at the end. */
  List<String> lines() {
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], TextWidth.of(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(line(row, widths)));
    List<String> rule = IntStream.of(widths).mapToObj("-"::repeat).toList();
    lines.add(1, line(rule, widths));
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

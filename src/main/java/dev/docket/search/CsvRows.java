package dev.docket.search;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.docket.http.ProblemBody;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each as a line of CSV (RFC 4180), after a line with the columns' names. A text that a spreadsheet
 * would take for a formula has a {@code '} before it.
 */
final class CsvRows implements Rows {

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
          // Nothing is nothing between commas, an empty text is "".
          .enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();

  private final ObjectMapper json;
  private final List<Column> columns;
  private final SequenceWriter lines;

  CsvRows(ObjectMapper json, List<Column> columns, OutputStream out) throws IOException {
    this.json = json;
    this.columns = columns;
    CsvSchema.Builder schema = CsvSchema.builder().setLineSeparator("\r\n");
    columns.forEach(column -> schema.addColumn(column.name()));
    this.lines = CSV.writerFor(Map.class).with(schema.build()).writeValues(out);
    // The library's own header is not written where no line follows.
    Map<String, @Nullable String> names = new LinkedHashMap<>();
    columns.forEach(column -> names.put(column.name(), column.name()));
    lines.write(names);
  }

  @Override
  public void write(List<?> views) throws IOException {
    for (Object view : views) {
      JsonNode whole = json.valueToTree(view);
      Map<String, @Nullable String> cells = new LinkedHashMap<>();
      columns.forEach(column -> cells.put(column.name(), column.cell(whole)));
      lines.write(cells);
    }
    lines.flush();
  }

  /** There is no line that could not be a hit. */
  @Override
  public boolean broken(ProblemBody why) {
    return false;
  }
}

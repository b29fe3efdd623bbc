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
 * Writes each hit as a line of CSV (RFC 4180), after a header line. A text that a spreadsheet would
 * run as a formula gets a {@code '} before it.
 */
final class CsvRows implements Rows {

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
          // A null is an empty cell; an empty text is "".
          .enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .build();

  private final ObjectMapper mapper;
  private final List<Column> columns;
  private final SequenceWriter lines;

  CsvRows(ObjectMapper mapper, List<Column> columns, OutputStream out) throws IOException {
    this.mapper = mapper;
    this.columns = columns;
    CsvSchema.Builder schema = CsvSchema.builder().setLineSeparator("\r\n");
    columns.forEach(column -> schema.addColumn(column.name()));
    this.lines = CSV.writerFor(Map.class).with(schema.build()).writeValues(out);
    // Written here because the library omits its header if there are no lines.
    Map<String, @Nullable String> header = new LinkedHashMap<>();
    columns.forEach(column -> header.put(column.name(), column.name()));
    lines.write(header);
  }

  @Override
  public void write(List<?> views) throws IOException {
    for (Object view : views) {
      JsonNode root = mapper.valueToTree(view);
      Map<String, @Nullable String> cells = new LinkedHashMap<>();
      columns.forEach(column -> cells.put(column.name(), column.cell(root)));
      lines.write(cells);
    }
    lines.flush();
  }

  /** CSV has no line that a client would recognize as an error. */
  @Override
  public boolean writeError(ProblemBody problem) {
    return false;
  }
}

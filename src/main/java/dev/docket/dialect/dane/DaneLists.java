package dev.docket.dialect.dane;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.batch.StreamedArray;
import dev.docket.search.Hits;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;

/** Streams lists of any length as JSON arrays, page by page. */
final class DaneLists {

  private final ObjectMapper mapper;

  DaneLists(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Writes all hits and closes them.
   *
   * @param views what to show of a page; may be fewer than its items
   */
  <T> void write(OutputStream out, Hits<T> hits, Function<List<T>, List<?>> views)
      throws IOException {
    try (hits;
        JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartArray();
      for (List<T> page = hits.next(); !page.isEmpty(); page = hits.next()) {
        for (Object shown : views.apply(page)) {
          json.writePOJO(shown);
        }
      }
      json.writeEndArray();
    }
  }
}

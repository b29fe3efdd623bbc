package dev.docket.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;

/** A JSON array that is written page by page as it is read, so that memory holds one page. */
public final class StreamedArray {

  private final ObjectMapper mapper;

  public StreamedArray(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * A generator that ends nothing by itself: what an exception interrupts stays visibly broken. The
   * stream is closed by whoever gave it.
   */
  public static JsonGenerator unending(ObjectMapper mapper, OutputStream out) throws IOException {
    return mapper
        .getFactory()
        .createGenerator(out)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /**
   * Writes all pages.
   *
   * @param first the first page, read beforehand so that its failure is still an error's answer
   * @param pageSize a shorter page is the last
   * @param next the page after the last item of the one before
   * @param views what to show for a page
   */
  public <T> void write(
      OutputStream out,
      List<T> first,
      int pageSize,
      Function<T, List<T>> next,
      Function<List<T>, List<?>> views)
      throws IOException {
    try (JsonGenerator json = unending(mapper, out)) {
      json.writeStartArray();
      List<T> page = first;
      while (!page.isEmpty()) {
        for (Object shown : views.apply(page)) {
          json.writePOJO(shown);
        }
        page = page.size() < pageSize ? List.of() : next.apply(page.get(page.size() - 1));
      }
      json.writeEndArray();
    }
  }
}
